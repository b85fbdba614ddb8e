-- One row per source that a run visited or that entries of the run came from, and how they ended.
-- What is still to be fetched has no outcome, and waits for the next run.
with waiting as (
  select entry_id
  from raw.entries
  where state = 'found'
),
counted as (
  select
    source_id,
    count(*) as entries,
    count(*) filter (outcome = 'published') as published,
    count(*) filter (outcome = 'unchanged') as unchanged,
    count(*) filter (outcome = 'quarantined') as quarantined,
    count(*) filter (outcome = 'rejected') as rejected,
    count(*) filter (outcome = 'failed') as failed,
    count(*) filter (outcome is null and waiting.entry_id is null) as under_way,
    count(*) filter (outcome is null and waiting.entry_id is not null) as waiting,
    count(*) filter (outcome = 'failed' and list_contains($passing_reasons, reason)) as put_off,
    count(*) filter (
      reason is distinct from 'known'
      and reason is distinct from 'waits_for_retry'
      and not (outcome is null and waiting.entry_id is not null)
    ) as tried
  from ops.entry_outcomes
  left join waiting using (entry_id)
  where run_id = $run_id
  group by source_id
),
visited as (
  select polls.source_id, polls.outcome, polls.reason, polls.error_kind, polls.detail
  from ops.polls as polls
  join ops.runs as runs on runs.run_id = $run_id and polls.polled_at >= runs.started_at
  qualify row_number() over (partition by polls.source_id order by polled_at desc) = 1
)
select
  source_id,
  visited.outcome as feed,
  visited.reason,
  visited.error_kind,
  visited.detail,
  coalesce(entries, 0) as entries,
  coalesce(published, 0) as published,
  coalesce(unchanged, 0) as unchanged,
  coalesce(quarantined, 0) as quarantined,
  coalesce(rejected, 0) as rejected,
  coalesce(failed, 0) as failed,
  coalesce(under_way, 0) as under_way,
  coalesce(waiting, 0) as waiting,
  -- Pages were asked for, and not one was had, for their hosts' fault.
  coalesce(put_off > 0 and put_off = tried, false) as is_cut_off
from visited
full join counted using (source_id)
order by source_id
