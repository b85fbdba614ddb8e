-- One row per capture whose file is kept, with its key in a range, in the order in which they lie in the archive.
select capture_id, url, captured_at, status, payload_hash, warc_file, warc_offset, warc_length
from captures
where capture_id >= :first
  and (cast(:end as text) is null or capture_id < cast(:end as text))
  and removed_at is null
order by warc_file, warc_offset
