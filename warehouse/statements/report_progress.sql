-- One row: how far a run has come.
select
  count(*) as entries,
  count(outcome) as ended,
  (
    select count(*)
    from ops.polls
    join ops.runs on runs.run_id = $run_id and polled_at >= started_at
  ) as feeds
from ops.entry_outcomes
where run_id = $run_id
