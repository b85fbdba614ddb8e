-- One row per table of schema ops: its name and the statement that makes it.
select table_name, sql
from duckdb_tables()
where database_name = 'pattern'
  and schema_name = 'ops'
