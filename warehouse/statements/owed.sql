-- One row per message and receiver that has not taken it.
select
  message.message_id, message.alert_id, message.moment, message.title, message.body, message.severity,
  receivers.receiver,
  coalesce(delivery.attempts, 0) as attempts,
  delivery.retry_at
from ops.messages as message
cross join (select unnest($receivers::varchar[]) as receiver) as receivers
left join ops.deliveries as delivery
  on delivery.message_id = message.message_id
  and delivery.receiver = receivers.receiver
where message.sent_at is null
  and delivery.sent_at is null
order by message.written_at, message.message_id, list_position($receivers::varchar[], receivers.receiver)
