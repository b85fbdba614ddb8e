-- One row per source that a run has taken, by a worker.
select source_id
from ops.claims
where run_id = $run_id
  and worker = $worker
