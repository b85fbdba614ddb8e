update deliveries
set retry_at = :retry_at, reason = :reason
where message_id = :message_id
  and receiver = :receiver
