-- One row, or none: a row in quarantine, and its page in the archive.
select
  refused.refused_id,
  refused.table_name,
  refused.row_key,
  refused.article_id,
  refused.row_json,
  capture.url,
  capture.warc_file,
  capture.warc_offset,
  capture.captured_at
from quarantine as refused
left join captures as capture on capture.capture_id = refused.capture_id
where refused.refused_id = :refused_id
order by refused.rule
limit 1
