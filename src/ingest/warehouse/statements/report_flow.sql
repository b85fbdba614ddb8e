-- One row per way that entries went, of all that came in with the runs since a moment; without an outcome they are
-- under way.
select outcome, reason, count(*) as entries
from ops.entry_outcomes
join ops.runs using (run_id)
where started_at >= $since
group by outcome, reason
order by entries desc, outcome, reason
