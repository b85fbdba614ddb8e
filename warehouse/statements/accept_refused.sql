merge into quarantine.accepted_rows
using (
  select distinct table_name, row_key, $why as why, $now as accepted_at
  from quarantine.refused_rows
  where refused_id = $refused_id
) as accepted using (table_name, row_key)
when matched then update set why = accepted.why
when not matched then insert by name
