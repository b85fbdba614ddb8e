-- One row per column of a table that analysts see, with its place in the table's key.
select
  columns.column_name as name,
  columns.data_type as type,
  list_position(keys.constraint_column_names, columns.column_name) as key_place
from duckdb_columns() as columns
left join duckdb_constraints() as keys
  on keys.schema_name = 'main'
  and keys.table_name = columns.table_name
  and keys.constraint_type = 'PRIMARY KEY'
where columns.schema_name = 'main'
  and columns.table_name = $table
order by columns.column_index
