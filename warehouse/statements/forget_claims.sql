delete from ops.claims
where run_id = $run_id
