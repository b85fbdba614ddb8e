-- One row: how far a run has come, each count with what has come further.
select
  count(*) as entries,
  count(*) filter (where ended.outcome is not null or entry.state in ('fetched', 'staged', 'ended')) as fetched,
  count(*) filter (where ended.outcome is not null or entry.state in ('staged', 'ended')) as parsed,
  count(ended.outcome) as ended,
  (
    select count(*)
    from polls
    where polled_at >= (select started_at from runs where run_id = :run_id)
  ) as feeds
from entry_outcomes as ended
join entries as entry on entry.entry_id = ended.entry_id
where ended.run_id = :run_id
