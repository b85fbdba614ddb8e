-- One row per capture that is kept, of a file of the archive, and ends behind a byte of it.
select capture_id, url, captured_at, status, payload_hash, warc_file, warc_offset, warc_length
from ops.captures
where removed_at is null
  and warc_file = $warc_file
  and warc_offset + warc_length > $bytes
order by warc_offset
