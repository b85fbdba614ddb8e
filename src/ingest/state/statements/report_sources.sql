-- One row per source that a run polled or had entries of. What is still to be fetched has no outcome, and waits for the next
-- run.
with endings as (
  select
    ended.source_id, ended.outcome, ended.reason,
    ended.outcome is null and coalesce(entry.state = 'found', false) as is_waiting
  from entry_outcomes as ended
  left join entries as entry on entry.entry_id = ended.entry_id
  where ended.run_id = :run_id
),
tallied as (
  select
    source_id,
    count(*) as entries,
    count(*) filter (where outcome = 'published') as published,
    count(*) filter (where outcome = 'unchanged') as unchanged,
    count(*) filter (where outcome = 'quarantined') as quarantined,
    count(*) filter (where outcome = 'rejected') as rejected,
    count(*) filter (where outcome = 'failed') as failed,
    count(*) filter (where outcome is null and not is_waiting) as under_way,
    count(*) filter (where is_waiting) as waiting,
    count(*) filter (
      where outcome = 'failed'
        and reason in (select value from json_each(:passing_reasons))
    ) as put_off,
    count(*) filter (
      where reason is distinct from 'known'
        and reason is distinct from 'waits_for_retry'
        and not is_waiting
    ) as tried
  from endings
  group by source_id
),
polled as materialized ( -- else SQLite sorts all polls by source
  select source_id, polled_at, outcome, reason, error_kind, detail
  from polls
  where polled_at >= (select started_at from runs where run_id = :run_id)
),
last_polls as (
  select source_id, outcome, reason, error_kind, detail
  from (select *, row_number() over (partition by source_id order by polled_at desc) as place from polled) as placed
  where place = 1
)
select
  coalesce(last_polls.source_id, tallied.source_id) as source_id,
  last_polls.outcome as feed,
  last_polls.reason,
  last_polls.error_kind,
  last_polls.detail,
  coalesce(tallied.entries, 0) as entries,
  coalesce(tallied.published, 0) as published,
  coalesce(tallied.unchanged, 0) as unchanged,
  coalesce(tallied.quarantined, 0) as quarantined,
  coalesce(tallied.rejected, 0) as rejected,
  coalesce(tallied.failed, 0) as failed,
  coalesce(tallied.under_way, 0) as under_way,
  coalesce(tallied.waiting, 0) as waiting,
  -- Pages were fetched, and not one was had, for their hosts' fault.
  coalesce(tallied.put_off > 0 and tallied.put_off = tallied.tried, false) as is_cut_off
from last_polls
full join tallied on tallied.source_id = last_polls.source_id
order by 1
