-- One row per source that is said to have news.
select source_id, reason, received_at
from pings
order by first_at, source_id
