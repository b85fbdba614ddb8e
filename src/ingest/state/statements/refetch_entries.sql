-- Entries whose page is to be fetched again; they keep what they brought.
update entries
set state = 'found', attempts = 0, retry_at = null
where entry_id in (select value from json_each(:entry_ids))
