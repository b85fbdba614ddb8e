-- What an earlier run left under way of sources that this one has taken comes in with it.
update ops.entry_outcomes
set run_id = $run_id
where outcome is null
  and run_id <> $run_id
  and source_id in (select unnest($source_ids::varchar[]))
  and entry_id not in (select entry_id from ops.entry_outcomes where run_id = $run_id)
