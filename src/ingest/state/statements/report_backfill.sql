-- One row per way in which addresses of a backfill went: fetched (no reason), failed for good, or waiting for the next time.
select
  visited_at is null as waits,
  reason,
  count(*) as addresses,
  cast(sum(entries_found) as bigint) as entries,
  min(address) as example
from backfills
where source_id = :source_id
  and first_day = :first_day
  and last_day = :last_day
group by 1, 2
order by 1, 2 nulls first
