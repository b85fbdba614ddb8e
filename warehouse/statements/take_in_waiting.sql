-- Entries whose retry is due come in with this run, as the newly found have already.
-- No wait is longer than a week (decide/cadence.py): a longer one was set by a clock that was ahead.
merge into ops.entry_outcomes
using (
  select $run_id as run_id, entry_id, source_id
  from raw.entries
  where source_id = $source_id
    and state = 'found'
    and (retry_at is null or retry_at <= $now or retry_at > $now + interval 7 days)
) as waiting using (run_id, entry_id)
when not matched then insert by name
