-- One row per capture that is kept, within a range of keys.
select capture_id, url, captured_at, status, payload_hash, warc_file, warc_offset, warc_length
from ops.captures
where removed_at is null
  and capture_id >= $first
  and ($end is null or capture_id < $end)
order by warc_file, warc_offset
