-- One row per source, table and rule that refused rows in a run, with the first few of them in words.
select
  refused.source_id,
  refused.table_name,
  refused.rule,
  any_value(refused.note) as note,
  count(*) as rows,
  list(
    coalesce(
      refused.row_json ->> 'sentence', refused.row_json ->> 'title', refused.row_json ->> 'text',
      refused.row_json ->> 'url', refused.row_key
    )
    order by refused.row_key
  )[:3] as examples
from quarantine.refused_rows as refused
join ops.batches as batches using (batch_id)
where batches.run_id = $run_id
  and batches.state <> 'rejected'
group by all
order by refused.source_id, refused.table_name, refused.rule
