-- Leases of workers that are not alive, for other runs than this one.
delete from leases
where run_id <> :run_id
  and worker not in (select cast(value as bigint) from json_each(:living))
