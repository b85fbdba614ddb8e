-- Entries that a feed lists still, though nothing new was said of them.
update raw.entries
set last_listed_at = $now
where entry_id in (select unnest($entry_ids::varchar[]))
