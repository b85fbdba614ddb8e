-- Entries whose page was read and is doubted wait for another visit, with what their feed carried.
update raw.entries
set state = 'found', retry_at = revisit.retry_at
from (
  select unnest($revisits::struct(entry_id varchar, retry_at timestamptz)[], max_depth := 2)
) as revisit
where raw.entries.entry_id = revisit.entry_id
