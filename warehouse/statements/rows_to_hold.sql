-- One row per staged row that a rule would refuse and nobody accepted; {table} and {predicate} come from the suite.
select row_key
from staging.{table} as staged
where batch_id = $batch_id
  and ({predicate})
  and row_key not in (select row_key from quarantine.accepted_rows where table_name = '{table}')
