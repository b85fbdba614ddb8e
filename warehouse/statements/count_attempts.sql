-- One row: how many attempts have begun.
select attempts
from ops.deliveries
where message_id = $message_id
  and receiver = $receiver
