-- One row per source and day, of the sources that brought most new articles since a moment and of some others; without
-- a source, of all of them together.
with brought as (
  select source_id, first_seen_at::date as day, count(*) as articles
  from articles
  where first_seen_at >= $since
  group by source_id, day
),
busiest as (
  select source_id
  from brought
  group by source_id
  order by sum(articles) desc, source_id
  limit $most
)
select source_id, day, articles
from brought
where source_id in (from busiest)
   or list_contains($sources::varchar[], source_id)
union all
select null, day, sum(articles)::bigint
from brought
group by day
order by source_id nulls first, day
