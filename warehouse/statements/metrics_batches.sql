-- One row per state of batches: those that were judged end as published or rejected.
select state, count(*) as batches
from ops.batches
where state <> 'proposed'
group by state
