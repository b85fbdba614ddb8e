-- One row per message before a moment that was delivered to all.
select message_id
from messages
where written_at < :before
  and sent_at is not null
