-- One row per table of schema ops in the database in use: its name and the statement that makes it.
select table_name, sql
from duckdb_tables()
where database_name = current_database()
  and schema_name = 'ops'
