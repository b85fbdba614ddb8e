update backfills
set visited_at = :now, reason = :reason, entries_found = :entries_found, copied = 0
where source_id = :source_id
  and first_day = :first_day
  and last_day = :last_day
  and address = :address
