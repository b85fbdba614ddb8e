-- One row per event before a moment that was sent.
select event_id
from events
where occurred_at < :before
  and sent_at is not null
