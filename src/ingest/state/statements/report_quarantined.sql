-- One row per source, table and rule that refused rows in a run, and each of the first three of these rows.
select source_id, table_name, rule, note, rows, example
from (
  select
    refused.source_id,
    refused.table_name,
    refused.rule,
    refused.note,
    refused.excerpt as example,
    count(*) over (partition by refused.source_id, refused.table_name, refused.rule) as rows,
    row_number() over (
      partition by refused.source_id, refused.table_name, refused.rule order by refused.row_key, refused.batch_id
    ) as place
  from batches as batch
  join quarantine as refused on refused.batch_id = batch.batch_id
  where batch.run_id = :run_id
    and batch.state <> 'rejected'
) as placed
where place <= 3
order by source_id, table_name, rule, place
