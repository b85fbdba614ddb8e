-- One row per batch that a run has rejected, whichever run staged it; the run holds its source until it ends.
select batch.batch_id
from batches as batch
join leases as lease on lease.source_id = batch.source_id and lease.run_id = :run_id
where batch.state = 'rejected'
  and batch.judged_at >= (select started_at from runs where run_id = :run_id)
order by batch.batch_id
