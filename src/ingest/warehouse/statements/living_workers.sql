-- One row per worker that lives: who holds the lock by its number.
from postgres_query(
  'locks',
  'select distinct objid::bigint as worker
   from pg_locks
   where locktype = ''advisory''
     and classid = 7302
     and database = (select oid from pg_database where datname = current_database())
     and granted'
)
