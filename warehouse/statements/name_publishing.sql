-- One row per batch that is being published: when, and whether it was parsed again from the archive.
create or replace temp table publishing as
select batch_id, $now::timestamptz as published_at, is_reread
from (
  select unnest($batches::struct(batch_id varchar, is_reread boolean)[], max_depth := 2)
)
