-- One row per validated batch that waits for publication, whichever run staged it; the run holds its source until it ends.
select batch.batch_id
from batches as batch
join leases as lease on lease.source_id = batch.source_id and lease.run_id = :run_id
where batch.state = 'validated'
order by batch.batch_id
