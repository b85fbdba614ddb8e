-- One row per table of schema ops in the database in use, and per index of one: the table, and the statement that makes it.
select table_name, sql
from (
  select table_name, sql, 1 as place
  from duckdb_tables()
  where database_name = current_database()
    and schema_name = 'ops'
  union all
  select table_name, sql, 2 as place
  from duckdb_indexes()
  where database_name = current_database()
    and schema_name = 'ops'
    and sql is not null
)
order by place, table_name
