-- One row per address a backfill has yet to visit.
select address
from backfills
where source_id = :source_id
  and first_day = :first_day
  and last_day = :last_day
  and visited_at is null
order by listed_at, address
