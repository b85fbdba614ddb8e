-- One row per way in which addresses of a backfill went: read (no reason), not to be read, or waiting for the next time.
select
  visited_at is null as waits,
  reason,
  count(*) as addresses,
  sum(entries_found)::bigint as entries,
  min(address) as example
from ops.backfills
where source_id = $source_id
  and first_day = $first_day
  and last_day = $last_day
group by all
order by waits, reason nulls first
