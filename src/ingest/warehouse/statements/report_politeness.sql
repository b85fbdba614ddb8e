-- One row per host asked since a moment, those that refused or failed first, with the sums over all of them.
select
  host,
  sum(requests)::bigint as requests,
  sum(not_modified)::bigint as not_modified,
  round(100 * sum(not_modified) / sum(requests), 1) as not_modified_percent,
  sum(throttled)::bigint as throttled,
  sum(failed)::bigint as failed,
  sum(received_bytes)::bigint as received_bytes,
  count(*) over () as hosts,
  sum(sum(requests)) over ()::bigint as all_requests,
  sum(sum(not_modified)) over ()::bigint as all_not_modified,
  sum(sum(throttled)) over ()::bigint as all_throttled
from ops.host_visits
join ops.runs using (run_id)
where started_at >= $since
group by host
having sum(requests) > 0
order by throttled desc, failed desc, requests desc, host
limit $most
