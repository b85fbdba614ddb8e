-- A row in quarantine is refused again.
delete from accepted_rows
where (table_name, row_key) in (
  select table_name, row_key
  from quarantine
  where refused_id = :refused_id
)
