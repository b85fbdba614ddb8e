-- One row per receiver that messages did not reach: how many, since when, and why the last did not.
with failed as (
  select
    delivery.receiver, delivery.attempts, delivery.reason, message.written_at,
    row_number() over (partition by delivery.receiver order by delivery.begun_at desc) as place
  from deliveries as delivery
  join messages as message on message.message_id = delivery.message_id
  where delivery.sent_at is null
    and message.sent_at is null
    and delivery.reason is not null
)
select
  receiver,
  count(*) as messages,
  cast(sum(attempts) as bigint) as attempts,
  min(written_at) as waits_since,
  max(reason) filter (where place = 1) as reason
from failed
group by receiver
order by receiver
