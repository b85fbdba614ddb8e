-- One row per event before a moment that listeners were told of.
select rowid
from ops.events
where occurred_at < $before
  and sent_at is not null
