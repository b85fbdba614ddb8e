update ops.backfills
set reason = $reason
where source_id = $source_id
  and first_day = $first_day
  and last_day = $last_day
  and address = $address
