-- One row per event not yet told.
select event_id, name, occurred_at, source_id, payload
from ops.events
where sent_at is null
order by occurred_at, event_id
