-- One row, once the lock is ours; it ends with the transaction.
from postgres_query('turns', 'select pg_advisory_xact_lock(7301, {lock})::varchar as held')
