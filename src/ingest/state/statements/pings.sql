-- One row per source that was pinged.
select source_id, reason, received_at
from pings
order by first_at, source_id
