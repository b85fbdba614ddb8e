-- One row per source that has entries to go on with.
-- No wait is longer than a week (scheduling/retries.py): a longer one, beyond :latest, was set by a clock that was ahead.
select distinct source_id
from entries
where state = :state
  and state <> 'ended' -- which the index is for
  and (retry_at is null or retry_at <= :now or retry_at > :latest)
