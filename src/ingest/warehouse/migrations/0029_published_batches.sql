-- Which batches the warehouse has published, recorded with their articles: the state may believe otherwise, where an older
-- warehouse was restored, or a disk lost what it had written.

-- One row per batch that was published.
create table ops.published_batches (
  batch_id varchar primary key,
  published_at timestamptz not null
);
insert into ops.published_batches
select batch_id, coalesce(published_at, staged_at)
from ops.batches
where state = 'published';
