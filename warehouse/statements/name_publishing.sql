-- One row: the batch that is being published, and when.
create or replace temp table publishing as
select $batch_id::varchar as batch_id, $now::timestamptz as published_at
