update leases
set run_id = null
where run_id = :run_id
