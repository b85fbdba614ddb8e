delete from quarantine.accepted_rows
where (table_name, row_key) in (
  select (table_name, row_key)
  from quarantine.refused_rows
  where refused_id = $refused_id
)
