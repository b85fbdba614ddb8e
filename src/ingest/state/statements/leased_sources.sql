-- One row per source that a run holds, by a worker.
select source_id
from leases
where run_id = :run_id
  and worker = :worker
