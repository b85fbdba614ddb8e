-- One row per batch that a run has rejected, whichever run staged it; its sources are in its hands until it ends.
select batches.batch_id
from ops.batches as batches
join ops.claims as claims on claims.source_id = batches.source_id and claims.run_id = $run_id
join ops.runs as runs on runs.run_id = $run_id
where batches.state = 'rejected'
  and batches.judged_at >= runs.started_at
order by batches.batch_id
