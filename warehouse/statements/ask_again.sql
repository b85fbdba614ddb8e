-- Entries whose page is to be asked again; they keep what they brought.
update raw.entries
set state = 'found', attempts = 0, retry_at = null
where entry_id in (select unnest($entry_ids::varchar[]))
