-- One row per entry whose page is due to be fetched, newest first, those that are fetched again last.
-- A date to come says no more than when the entry was found.
-- `state <> 'ended'` has SQLite look them up by their index.
-- No wait is longer than a week (scheduling/retries.py): a longer one, beyond :latest, was set by a clock that was ahead.
select entry_id
from entries
where source_id = :source_id
  and state <> 'ended'
  and state = 'found'
  and (retry_at is null or retry_at <= :now or retry_at > :latest)
order by
  capture_id is not null,
  case when published_at < found_at then published_at else found_at end desc,
  entry_id
