-- One row per source and host it leads to: what all runs together asked of the host, and how it answered.
-- A host that no source begins or ends with, such as one that only redirects, has no source.
with asked as (
  select source_id, feed_url as url from ops.polls
  union
  select source_id, final_url from ops.polls
  union
  select source_id, url from ops.fetches
  union
  select source_id, final_url from ops.fetches
),
led as (
  select distinct source_id, lower(regexp_extract(url, '^https?://([^/?#]+)', 1)) as host from asked
),
visits as (
  select
    host,
    sum(requests)::bigint as requests,
    sum(not_modified)::bigint as not_modified,
    sum(throttled)::bigint as throttled,
    sum(failed)::bigint as failed,
    sum(received_bytes)::bigint as received_bytes
  from ops.host_visits
  group by host
)
select
  led.source_id, visits.host, visits.requests,
  visits.not_modified, round(100 * visits.not_modified / visits.requests, 1) as not_modified_percent,
  visits.throttled, visits.failed, visits.received_bytes
from visits
left join led using (host)
order by led.source_id nulls last, visits.host
