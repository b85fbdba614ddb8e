-- What a run holds goes with it to another worker: its stages may run in several processes, one after another.
update leases
set worker = :worker
where run_id = :run_id
  and worker <> :worker
