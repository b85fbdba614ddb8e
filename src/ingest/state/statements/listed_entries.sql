-- One row per entry that the source has listed before.
select entry_id, listing_hash, state <> 'ended' as is_under_way, retry_at
from entries
where source_id = :source_id
  and entry_id in (select value from json_each(:entry_ids))
