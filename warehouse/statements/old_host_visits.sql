-- One row per host of a run that began before a moment.
select rowid
from ops.host_visits
where run_id not in (
  select run_id
  from ops.runs
  where started_at >= $before
)
