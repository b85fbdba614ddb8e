-- Entries whose page is to be asked again; they keep what they brought.
update raw.entries
set state = 'found', attempts = 0, retry_at = null
where list_contains($entry_ids, entry_id)
