-- One row per entry that a visit of this moment was the first to find.
select entry_id
from raw.entries
where source_id = $source_id
  and found_at = $found_at
