-- What a run has taken goes with it to another worker: its stages may be taken in several processes, one after another.
update ops.claims
set worker = $worker
where run_id = $run_id
  and worker <> $worker
