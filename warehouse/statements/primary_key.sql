-- One row per column of a table's key, in order.
select unnest(constraint_column_names)
from duckdb_constraints()
where database_name = current_database()
  and schema_name = $schema
  and table_name = $table
  and constraint_type = 'PRIMARY KEY'
