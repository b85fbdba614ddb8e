-- One row per row of some batches and rule that refused it, and nobody accepted.
select batch_id, table_name, row_key, rule, refused_id
from quarantine
where batch_id in (select value from json_each(:batch_ids))
  and accepted_at is null
order by batch_id, table_name, row_key, rule
