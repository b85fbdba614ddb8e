-- One row per entry that was found for the first time at a moment, of some.
select entry_id, guid is null as is_bare, url
from entries
where entry_id in (select value from json_each(:entry_ids))
  and found_at = :now
  and state = 'found'
