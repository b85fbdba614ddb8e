update backfills
set reason = :reason, copied = 0
where source_id = :source_id
  and first_day = :first_day
  and last_day = :last_day
  and address = :address
