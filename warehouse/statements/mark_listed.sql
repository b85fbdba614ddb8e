-- Entries that a feed lists still, though nothing new was said of them.
update raw.entries
set last_listed_at = $now
where list_contains($entry_ids, entry_id)
