-- One row: the batch whose twins are to go.
create or replace temp table twin_batch as
select $batch_id::varchar as batch_id
