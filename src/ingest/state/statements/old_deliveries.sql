-- One row per delivery of a message that is deleted, or about to be.
select message_id, receiver
from deliveries
where message_id not in (
  select message_id
  from messages
  where sent_at is null
    or written_at >= :before
)
