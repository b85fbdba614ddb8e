-- One row: how many attempts have begun, with this one.
insert into ops.deliveries (message_id, receiver, attempts, begun_at)
values ($message_id, $receiver, 1, $now)
on conflict do update
set attempts = attempts + 1, begun_at = excluded.begun_at, retry_at = null, reason = null
returning attempts
