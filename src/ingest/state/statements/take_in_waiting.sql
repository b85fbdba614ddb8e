-- Entries whose retry is due come in with this run, as the newly found have already.
-- `state <> 'ended'` has SQLite look them up by their index.
-- No wait is longer than a week (scheduling/retries.py): a longer one, beyond :latest, was set by a clock that was ahead.
insert into entry_outcomes (run_id, entry_id, source_id)
select cast(:run_id as text), entry_id, source_id
from entries
where source_id = :source_id
  and state <> 'ended'
  and state = 'found'
  and (retry_at is null or retry_at <= :now or retry_at > :latest)
on conflict (run_id, entry_id) do nothing
