-- After its fetch, an entry goes on to be parsed, waits for another fetch, or has ended.
update entries
set
  state = :state,
  attempts = attempts + 1,
  retry_at = :retry_at,
  capture_id = coalesce(:capture_id, capture_id)
where entry_id = :entry_id
