-- One row per table of the attached file `released` that analysts see: its columns in their order.
select table_name, list('"' || column_name || '"' order by column_index) as columns
from duckdb_columns()
where database_name = 'released'
  and schema_name = 'main'
group by table_name
