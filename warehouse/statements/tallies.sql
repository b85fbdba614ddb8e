-- One row per source and way to end, in a run.
select source_id, outcome, reason, count(*) as entries
from ops.entry_outcomes
where run_id = $run_id
group by all
order by source_id, outcome, reason
