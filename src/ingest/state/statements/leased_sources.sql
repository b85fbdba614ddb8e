-- One row per source, of some, that a run holds, by a worker.
select source_id
from leases
where source_id in (select value from json_each(:source_ids))
  and run_id = :run_id
  and worker = :worker
