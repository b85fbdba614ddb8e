-- What a killed run left under way comes in with this one.
update ops.entry_outcomes
set run_id = $run_id
where outcome is null
  and source_id not in (select source_id from ops.claims)
