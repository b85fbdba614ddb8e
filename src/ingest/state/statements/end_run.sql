update runs
set ended_at = :now, copied = 0
where run_id = :run_id
