-- One row per receiver of a message that is forgotten, or about to be.
select rowid
from ops.deliveries
where message_id not in (
  select message_id
  from ops.messages
  where sent_at is null
    or written_at >= $before
)
