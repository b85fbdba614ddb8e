-- One row, where the archive has the payload: the record that holds it.
select warc_file, warc_offset
from payloads
where payload_key = :payload_key
