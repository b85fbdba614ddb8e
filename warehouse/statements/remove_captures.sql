-- Captures of files that are about to be removed.
update ops.captures
set removed_at = $now
where warc_file in (select unnest($warc_files::varchar[]))
  and removed_at is null
