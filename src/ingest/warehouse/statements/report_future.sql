-- One row: the latest moment at which we have done something, where that is after a moment.
select max(done_at) as latest
from (
  select max(polled_at) as done_at from ops.polls
  union all
  select max(started_at) as done_at from ops.runs
)
where done_at > $now
