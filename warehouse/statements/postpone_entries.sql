-- Entries whose host asked for time wait without having been visited.
update raw.entries
set retry_at = $retry_at
where entry_id in (select unnest($entry_ids::varchar[]))
