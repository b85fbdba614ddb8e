-- One row per kind of visit (feed or page), whether it failed, and bound: visits that took within so many seconds, and not
-- within the next smaller bound; null for no bound.
with visits as (
  select 'feed' as kind, outcome = 'failed' as is_failed, elapsed_ms / 1000 as seconds
  from ops.polls
  union all
  select 'page' as kind, reason is not null as is_failed, elapsed_ms / 1000 as seconds
  from ops.fetches
)
select kind, is_failed, bounds.bound, count(*) as events, sum(seconds) as seconds
from visits
asof left join (select unnest($bounds::double[]) as bound) as bounds on visits.seconds <= bounds.bound
group by kind, is_failed, bounds.bound
