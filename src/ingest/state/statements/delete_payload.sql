-- The payload of a record: no later one will refer to it.
delete from payloads
where warc_file = :warc_file
  and warc_offset = :warc_offset
