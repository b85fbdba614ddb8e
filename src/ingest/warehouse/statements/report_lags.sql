-- One row per source and day: how long after their publication its new entries were found, in the middle of them.
select source_id, polled_at::date as day, round(median(lag_seconds))::bigint as lag_seconds
from ops.polls
where polled_at >= $since
  and lag_seconds is not null
  and list_contains($sources::varchar[], source_id)
group by source_id, day
order by source_id, day
