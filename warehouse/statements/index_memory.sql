-- One row: what DuckDB holds of indexes, in bytes.
select memory_usage_bytes
from duckdb_memory()
where tag = 'ART_INDEX'
