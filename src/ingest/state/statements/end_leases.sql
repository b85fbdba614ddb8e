delete from leases
where run_id = :run_id
