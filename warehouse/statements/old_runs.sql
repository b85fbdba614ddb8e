-- One row per run that began before a moment, of which nothing else tells any more.
select rowid
from ops.runs
where started_at < $before
  and run_id not in (select run_id from ops.entry_outcomes)
  and run_id not in (select run_id from ops.batches)
