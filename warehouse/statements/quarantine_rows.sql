-- One row per staged row that the rule refuses; {table} and {predicate} come from the suite.
insert into quarantine.refused_rows (
  batch_id, table_name, row_key, rule, source_id, article_id, note, row_json, quarantined_at
)
select
  batch_id, '{table}', row_key, $rule, $source_id, {article_id}, $note, to_json(staged), $now
from staging.{table} as staged
where batch_id = $batch_id
  and ({predicate})
on conflict do nothing
returning row_key
