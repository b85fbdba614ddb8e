-- Ends the leases of workers that are dead, for other runs than this one.
update leases
set run_id = null
where source_id in (
  select source_id
  from leases
  where worker in (select cast(value as bigint) from json_each(:dead))
    and run_id <> :run_id
  for update skip locked
)
