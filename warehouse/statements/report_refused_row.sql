-- One row per row in quarantine whose id begins so: the row itself, and its page in the archive.
select
  refused.refused_id,
  any_value(refused.row_json) as row_json,
  any_value(capture.url) as url,
  any_value(capture.warc_file) as warc_file,
  any_value(capture.warc_offset) as warc_offset,
  any_value(capture.captured_at) as captured_at
from quarantine.refused_rows as refused
left join ops.captures as capture using (capture_id)
where starts_with(refused.refused_id, $refused_id)
group by refused.refused_id
