-- Ends the lease of a source that was for its poll alone.
update leases
set run_id = null
where source_id = :source_id
  and run_id = :run_id
  and is_for_poll
