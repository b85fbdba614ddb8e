-- One row per source visited since a moment: how its visits went, and how the last one did.
select
  source_id,
  count(*) as visits,
  count(*) filter (outcome = 'failed') as failed,
  sum(entries_found)::bigint as entries_found,
  round(median(lag_seconds))::bigint as lag_seconds,
  max(polled_at) as polled_at,
  arg_max_null(outcome, polled_at) as outcome,
  arg_max_null(reason, polled_at) as reason
from ops.polls
where polled_at >= $since
group by source_id
order by source_id
