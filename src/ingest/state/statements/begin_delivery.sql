-- Another attempt has begun.
insert into deliveries (message_id, receiver, attempts, begun_at)
values (:message_id, :receiver, 1, :now)
on conflict (message_id, receiver) do update
set attempts = deliveries.attempts + 1, begun_at = excluded.begun_at, retry_at = null, reason = null
returning attempts
