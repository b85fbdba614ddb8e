-- One row per address of an entry that waits for a time to come, up to a moment.
select distinct url
from entries
where state = 'found'
  and retry_at > :now
  and retry_at <= :latest
