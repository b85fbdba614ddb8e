-- Ends PostgreSQL's own transaction: an open one would keep it from clearing up for as long as the lock is held.
call postgres_execute('locks', 'commit')
