-- Entries whose host asked for time wait without having been visited.
update raw.entries
set retry_at = $retry_at
where list_contains($entry_ids, entry_id)
