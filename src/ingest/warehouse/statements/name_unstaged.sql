-- One row per batch whose staged rows are to be deleted.
create or replace temp table unstaged as
select unnest($batch_ids::varchar[]) as batch_id
