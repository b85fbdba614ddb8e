-- One row per way to end in a run.
select outcome, reason, count(*) as entries
from ops.entry_outcomes
where run_id = $run_id
group by all
order by entries desc, outcome, reason
