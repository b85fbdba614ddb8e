update deliveries
set sent_at = :now
where message_id = :message_id
  and receiver = :receiver
