-- One row per entry whose page is due to be visited, newest first, those that are asked again last.
-- A date to come says no more than when the entry was found.
-- No wait is longer than a week (decide/cadence.py): a longer one was set by a clock that was ahead.
select entry_id
from raw.entries
where source_id = $source_id
  and state = 'found'
  and (retry_at is null or retry_at <= $now or retry_at > $now + interval 7 days)
order by capture_id is not null, least(coalesce(published_at, found_at), found_at) desc, entry_id
