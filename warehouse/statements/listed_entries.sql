-- One row per entry the source has ever listed.
select entry_id, listing_hash, state <> 'ended' as is_under_way, retry_at
from raw.entries
where source_id = $source_id
