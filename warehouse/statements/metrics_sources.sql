-- One row per source: when its feed last answered, and how often it has failed since; those silent for longest first.
select
  source.source_id,
  max(poll.polled_at) filter (poll.outcome <> 'failed') as answered_at,
  coalesce(max_by(poll.failures_in_a_row, poll.polled_at), 0) as failures_in_a_row
from published.sources as source
left join ops.polls as poll using (source_id)
group by source.source_id
order by answered_at nulls first, source.source_id
