-- One row: how far a run has come, each count with what has come further.
select
  count(*) as entries,
  count(*) filter (ended.outcome is not null or entry.state in ('fetched', 'staged', 'ended')) as fetched,
  count(*) filter (ended.outcome is not null or entry.state in ('staged', 'ended')) as read,
  count(ended.outcome) as ended,
  (
    select count(*)
    from ops.polls
    join ops.runs on runs.run_id = $run_id and polled_at >= started_at
  ) as feeds
from ops.entry_outcomes as ended
join raw.entries as entry using (entry_id)
where ended.run_id = $run_id
