-- Takes the lock that a worker holds for as long as it lives. It is the session's, and PostgreSQL's own transaction ends
-- at once: an open one would keep it from clearing up for as long.
call postgres_execute('locks', 'select pg_advisory_lock(7302, {worker}); commit')
