-- One row per state of batches: those that were validated end as published or rejected.
select state, count(*) as batches
from batches
where state <> 'proposed'
group by state
