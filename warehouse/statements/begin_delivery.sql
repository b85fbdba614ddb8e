-- Another attempt has begun.
merge into ops.deliveries
using (
  select $message_id as message_id, $receiver as receiver, 1 as attempts, $now::timestamptz as begun_at
) as begun using (message_id, receiver)
when matched then update
set attempts = ops.deliveries.attempts + 1, begun_at = begun.begun_at, retry_at = null, reason = null
when not matched then insert by name
