-- One row per capture of a file that ends beyond a byte of it.
select capture_id, url, captured_at, status, payload_hash, warc_file, warc_offset, warc_length
from captures
where warc_file = :warc_file
  and warc_offset + warc_length > :bytes
  and removed_at is null
