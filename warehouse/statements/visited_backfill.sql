update ops.backfills
set visited_at = $now, reason = $reason, entries_found = $entries_found
where source_id = $source_id
  and first_day = $first_day
  and last_day = $last_day
  and address = $address
