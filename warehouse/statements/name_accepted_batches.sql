-- One row per batch in which rows may be that a person has accepted.
create or replace temp table accepted_batches as
select unnest($batch_ids::varchar[]) as batch_id
