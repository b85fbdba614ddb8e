-- The payloads in files that are about to be removed.
delete from payloads
where warc_file in (select value from json_each(:warc_files))
