-- One row: the last pass over the sources that began, and how many there were since a moment.
select
  max(started_at) as started_at,
  arg_max_null(ended_at, started_at) as ended_at,
  count(*) filter (started_at >= $since) as runs
from ops.runs
