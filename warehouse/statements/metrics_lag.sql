-- One row per bound: articles that were public here within so many seconds of their publication, and not within the next
-- smaller bound; null for no bound. What was there before its source was first asked is older than our watching it.
with watched as (
  select source_id, min(polled_at) as since
  from ops.polls
  group by source_id
),
lags as (
  select greatest(epoch(ended_at) - epoch(entry.published_at), 0) as seconds
  from ops.entry_outcomes as ended
  join raw.entries as entry using (entry_id)
  join watched on watched.source_id = entry.source_id
  where ended.outcome = 'published'
    and ended.reason = 'new_article'
    and entry.published_at >= watched.since
)
select bounds.bound, count(*) as events, sum(seconds) as seconds
from lags
asof left join (select unnest($bounds::double[]) as bound) as bounds on lags.seconds <= bounds.bound
group by bounds.bound
