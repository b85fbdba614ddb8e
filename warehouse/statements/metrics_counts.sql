-- One row per series and bound: how much of it came in from a moment on and before another, and how many seconds that took
-- together. A bound holds what took no longer, but longer than the next smaller one; null for no bound.
with watched as (
  select source_id, min(polled_at) as since
  from ops.polls
  group by source_id
),
ended as (
  select entry_id, outcome, reason, ended_at
  from ops.entry_outcomes
  where ended_at >= $since
    and ended_at < $until
),
-- What was there before its source was first asked is older than our watching it.
lags as (
  select greatest(epoch(ended.ended_at) - epoch(entry.published_at), 0) as seconds
  from ended
  join raw.entries as entry using (entry_id)
  join watched using (source_id)
  where ended.outcome = 'published'
    and ended.reason = 'new_article'
    and entry.published_at >= watched.since
),
visits as (
  select ['feed', if(outcome = 'failed', 'failed', 'served')] as labels, elapsed_ms / 1000 as seconds
  from ops.polls
  where polled_at >= $since
    and polled_at < $until
  union all
  select ['page', if(reason is null, 'served', 'failed')] as labels, elapsed_ms / 1000 as seconds
  from ops.fetches
  where fetched_at >= $since
    and fetched_at < $until
),
runs as (
  select run_id
  from ops.runs
  where ended_at >= $since
    and ended_at < $until
),
hosts as (
  select
    host,
    unnest(['requests', 'not_modified', 'throttled', 'failed', 'received_bytes']) as answer,
    unnest([sum(requests), sum(not_modified), sum(throttled), sum(failed), sum(received_bytes)]) as events
  from ops.host_visits
  join runs using (run_id)
  group by host
)
select 'entries' as series, [outcome, coalesce(reason, '')] as labels, null::double as bound, count(*) as events, 0.0 as seconds
from ended
group by outcome, reason
union all
select 'lag', [], bounds.bound, count(*), sum(lags.seconds)
from lags
asof left join (select unnest($lag_bounds::double[]) as bound) as bounds on lags.seconds <= bounds.bound
group by bounds.bound
union all
select 'visits', labels, bounds.bound, count(*), sum(visits.seconds)
from visits
asof left join (select unnest($visit_bounds::double[]) as bound) as bounds on visits.seconds <= bounds.bound
group by labels, bounds.bound
union all
select 'reading', [], within_seconds, sum(pages)::bigint, sum(seconds)
from ops.reading_times
join runs using (run_id)
group by within_seconds
union all
select 'hosts', [host, answer], null, events::bigint, 0.0
from hosts
union all
select 'runs', [], null, count(*), 0.0
from runs
