-- One row: how many rows of a batch one rule holds back.
select count(*) as held
from quarantine.refused_rows
where batch_id = $batch_id
  and table_name = $table_name
  and rule = $rule
