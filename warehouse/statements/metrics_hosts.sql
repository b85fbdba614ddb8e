-- One row per host: what all runs asked of it, and how it answered; those asked most first.
select
  host,
  sum(requests)::bigint as requests,
  sum(not_modified)::bigint as not_modified,
  sum(throttled)::bigint as throttled,
  sum(failed)::bigint as failed,
  sum(received_bytes)::bigint as received_bytes
from ops.host_visits
group by host
order by requests desc, host
