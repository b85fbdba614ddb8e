-- What an earlier run left under way of sources that this one has leased comes in with it.
update entry_outcomes
set run_id = :run_id, copied = 0
where outcome is null
  and run_id <> :run_id
  and source_id in (select value from json_each(:source_ids))
  and entry_id not in (select entry_id from entry_outcomes where run_id = :run_id)
