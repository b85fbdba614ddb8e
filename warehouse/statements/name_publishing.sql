-- One row per batch that is being published: when, and whether it was read again from the archive.
create or replace temp table publishing as
select batch_id, $now::timestamptz as published_at, is_reread
from ops.batches
where batch_id in (select unnest($batch_ids::varchar[]))
