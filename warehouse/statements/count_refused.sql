select count(distinct table_name || '/' || row_key) as refused
from quarantine.refused_rows
where batch_id = $batch_id
  and accepted_at is null
