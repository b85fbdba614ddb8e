-- Of entries that are copied, what was under way: it has ended, or another run has it by now.
delete from ops.entry_outcomes
where outcome is null
  and entry_id in (select unnest($entry_ids::varchar[]))
