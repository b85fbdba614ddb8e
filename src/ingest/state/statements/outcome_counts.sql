-- One row per source and outcome of its entries in a run. What is still to be fetched has no outcome, and waits for the
-- next run.
select
  ended.source_id,
  ended.outcome,
  case when ended.outcome is null and entry.state = 'found' then 'waiting' else ended.reason end as reason,
  count(*) as entries
from entry_outcomes as ended
left join entries as entry on entry.entry_id = ended.entry_id
where ended.run_id = :run_id
group by 1, 2, 3
order by 1, 2 nulls last, 3 nulls last
