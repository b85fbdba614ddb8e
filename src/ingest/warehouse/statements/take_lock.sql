-- One row: whether the lock is ours. It is the session's, and ends with it, or when DuckDB puts it back into its pool.
from postgres_query('locks', 'select {function}(7301, {lock})::varchar as is_held')
