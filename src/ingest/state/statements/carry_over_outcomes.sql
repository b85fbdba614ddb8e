-- What a killed run left under way comes in with this one.
update entry_outcomes
set run_id = :run_id, copied = 0
where outcome is null
  and source_id not in (select source_id from leases)
  and run_id <> :run_id
  and entry_id not in (select entry_id from entry_outcomes where run_id = :run_id)
