-- Entries that a feed lists still, though nothing new was said of them.
update entries
set last_listed_at = :now
where entry_id in (select value from json_each(:entry_ids))
