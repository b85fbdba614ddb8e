-- One row per batch that is being published: when, whether it was parsed again from the archive, and whether it was public
-- before, as far as the state or this warehouse knows.
create or replace temp table publishing as
select batch_id, $now::timestamptz as published_at, is_reread,
  was_public or batch_id in (select batch_id from ops.published_batches) as was_public
from (
  select unnest($batches::struct(batch_id varchar, is_reread boolean, was_public boolean)[], max_depth := 2)
)
