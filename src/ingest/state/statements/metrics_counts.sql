-- One row per series, labels and bound: how much of it came in from a moment on and before another, and how many seconds
-- that took together. A bound holds what took no longer, but longer than the next smaller one; null for no bound.
with ended as (
  select entry_id, source_id, outcome, reason, ended_at
  from entry_outcomes
  where ended_at >= :since
    and ended_at < :until
),
-- What was published before its source was first polled says nothing of how late we are.
lags as (
  select case when published_at < ended_at then (ended_at - published_at) / 1000000.0 else 0.0 end as seconds
  from (
    select
      ended.ended_at, entry.published_at,
      (select min(polled_at) from polls where source_id = ended.source_id) as watched_since
    from ended
    join entries as entry on entry.entry_id = ended.entry_id
    where ended.outcome = 'published'
      and ended.reason = 'new_article'
  ) as published
  where published_at >= watched_since
),
fetched as (
  select
    'feed' as kind,
    case when outcome = 'failed' then 'failed' else 'served' end as outcome,
    elapsed_ms / 1000.0 as seconds
  from polls
  where polled_at >= :since
    and polled_at < :until
  union all
  select 'page', case when reason is null then 'served' else 'failed' end, elapsed_ms / 1000.0
  from fetches
  where fetched_at >= :since
    and fetched_at < :until
),
ended_runs as (
  select run_id
  from runs
  where ended_at >= :since
    and ended_at < :until
),
bounded as (
  select
    'lag' as series, null as label, null as further_label, seconds,
    (
      select min(cast(value as real))
      from json_each(:lag_bounds)
      where cast(value as real) >= seconds
    ) as bound
  from lags
  union all
  select
    'visits', kind, outcome, seconds,
    (
      select min(cast(value as real))
      from json_each(:visit_bounds)
      where cast(value as real) >= seconds
    )
  from fetched
)
select
  'entries' as series, outcome as label, coalesce(reason, '') as further_label, cast(null as real) as bound,
  count(*) as events, 0.0 as seconds
from ended
group by 2, 3
union all
select series, label, further_label, bound, count(*), sum(seconds)
from bounded
group by 1, 2, 3, 4
union all
select 'reading', null, null, time.within_seconds, cast(sum(time.pages) as bigint), sum(time.seconds)
from reading_times as time
join ended_runs on ended_runs.run_id = time.run_id
group by time.within_seconds
union all
select
  'hosts', visit.host, answer.value, null,
  cast(sum(case answer.value
    when 'requests' then visit.requests
    when 'not_modified' then visit.not_modified
    when 'throttled' then visit.throttled
    when 'failed' then visit.failed
    else visit.received_bytes
  end) as bigint),
  0.0
from host_visits as visit
join ended_runs on ended_runs.run_id = visit.run_id
cross join (select value from json_each(:answers)) as answer
group by visit.host, answer.value
union all
select 'runs', null, null, null, count(*), 0.0
from ended_runs
