-- One row per host that answered lately: where its last answer lies in the archive.
select captured_at, warc_file, warc_offset
from ops.captures
where status > 0
qualify row_number() over (partition by regexp_extract(url, '^https?://([^/?#]+)', 1) order by captured_at desc) = 1
order by captured_at desc
limit $most
