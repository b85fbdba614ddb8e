-- One row per host of a run that began before a moment.
select run_id, host
from host_visits
where run_id not in (
  select run_id
  from runs
  where started_at >= :before
)
