-- The captures of files that are about to be removed.
update captures
set removed_at = :now, copied = 0
where warc_file in (select value from json_each(:warc_files))
  and removed_at is null
