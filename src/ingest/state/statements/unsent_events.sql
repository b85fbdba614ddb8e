-- One row per event not sent yet.
select event_id, name, occurred_at, source_id, payload
from events
where sent_at is null
order by occurred_at, event_id
