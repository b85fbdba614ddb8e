-- One row per entry that a poll of this moment was the first to find.
select entry_id
from entries
where source_id = :source_id
  and found_at = :found_at
