-- Entries whose host asked for time wait without having been fetched.
update entries
set retry_at = :retry_at
where entry_id in (select value from json_each(:entry_ids))
