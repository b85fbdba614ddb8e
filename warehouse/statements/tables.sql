-- One row per table of a database.
select schema_name, table_name
from duckdb_tables()
where database_name = $home
  and not temporary
order by schema_name, table_name
