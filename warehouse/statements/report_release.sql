-- One row: when the analysts' file was last made, when something was last published, since when that waits to be released,
-- and how many articles do.
with last as (
  select max(released_at) as released_at
  from ops.releases
  where file_mark is not null -- put in place
),
waiting as (
  select min(published_at) as waits_since
  from ops.batches
  cross join last
  where published_at > coalesce(last.released_at, timestamptz '2000-01-01 00:00:00+00')
)
select
  last.released_at,
  (select max(published_at) from ops.batches) as published_at,
  waiting.waits_since,
  if(waiting.waits_since is null, 0, (select count(distinct article_id) from ops.unreleased)) as unreleased
from last
cross join waiting
