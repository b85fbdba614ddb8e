-- One row per way to end in a run. What is still to be fetched has no outcome, and waits for the next run.
with waiting as (
  select entry_id
  from raw.entries
  where state = 'found'
)
select
  outcome,
  case when outcome is null and waiting.entry_id is not null then 'waiting' else reason end as reason,
  count(*) as entries
from ops.entry_outcomes
left join waiting using (entry_id)
where run_id = $run_id
group by all
order by entries desc, outcome, reason
