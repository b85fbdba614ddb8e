-- One row per source that has entries to go on with.
select distinct source_id
from raw.entries
where state = $state
  and (retry_at is null or retry_at <= $now or retry_at > $now + interval 7 days)
