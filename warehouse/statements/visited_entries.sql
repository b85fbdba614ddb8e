-- After their visits, entries go on to be read, wait for another visit, or have ended.
update raw.entries
set
  state = visited.state,
  attempts = raw.entries.attempts + 1,
  retry_at = visited.retry_at,
  capture_id = coalesce(visited.capture_id, raw.entries.capture_id)
from (
  select unnest(
    $visited::struct(entry_id varchar, state varchar, retry_at timestamptz, capture_id varchar)[],
    max_depth := 2
  )
) as visited
where raw.entries.entry_id = visited.entry_id
