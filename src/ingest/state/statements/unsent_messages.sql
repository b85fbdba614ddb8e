-- One row per message and receiver that has not taken it.
select
  message.message_id, message.alert_id, message.moment, message.title, message.body, message.severity,
  receiver.value as receiver,
  coalesce(delivery.attempts, 0) as attempts,
  delivery.retry_at,
  message.written_at
from messages as message
cross join (select value from json_each(:receivers)) as receiver
left join deliveries as delivery
  on delivery.message_id = message.message_id
  and delivery.receiver = receiver.value
where message.sent_at is null
  and delivery.sent_at is null
