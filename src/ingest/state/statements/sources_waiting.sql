-- One row per source and kind of what waits for it: why, and since when.
select source_id, reason, first_at as received_at
from pings
union all
select source_id, 'push' as reason, min(received_at) as received_at
from pushes
where taken_at is null
group by source_id
