update ops.runs
set ended_at = $now
where run_id = $run_id
