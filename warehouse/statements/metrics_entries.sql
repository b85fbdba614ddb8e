-- One row per way in which entries ended: how many did, in all runs.
select outcome, reason, count(*) as entries
from ops.entry_outcomes
where outcome is not null
group by outcome, reason
order by outcome, reason
