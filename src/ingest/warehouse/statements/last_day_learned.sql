-- One row: the last day to learn from. The newest quarter of the days that brought articles is held out, of four or more.
select quantile_disc(day, 0.75) as day
from (
  select distinct first_seen_at::date as day
  from articles
)
