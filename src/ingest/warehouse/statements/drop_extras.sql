-- One row per view, macro and table that a release makes in the file in use: the statement that drops it.
select format('drop view {}', view_name)
from duckdb_views()
where database_name = current_database()
  and not internal
union all
select distinct format('drop {} {}', if(function_type = 'table_macro', 'macro table', 'macro'), function_name)
from duckdb_functions()
where database_name = current_database()
  and schema_name = 'main'
  and function_type in ('macro', 'table_macro')
  and not internal
union all
select 'drop table if exists exchange_rates'
union all
select 'drop schema if exists search cascade'
