-- One row per source: its last visit, what became of its entries, and what is wrong with it now.
with last_poll as (
  from ops.polls
  where reason is distinct from 'pushed'
  qualify row_number() over (partition by source_id order by rowid desc) = 1
),
visits as (
  select
    source_id,
    count(*) filter (reason is distinct from 'pushed') as visits,
    max(polled_at) filter (reason = 'pushed') as pushed_at,
    count(*) filter (status = 304) as not_modified,
    sum(received_bytes) as received_bytes,
    max(polled_at) filter (entries_found > 0) as news_at,
    round(median(lag_seconds) filter (polled_at > now() - interval 30 days))::bigint as lag_seconds
  from ops.polls
  group by source_id
),
pages as (
  select source_id, count(*) as pages, count(reason) as pages_failed
  from ops.fetches
  group by source_id
),
entries as (
  select source_id, count(distinct entry_id) filter (outcome = 'published') as published
  from ops.entry_outcomes
  group by source_id
),
alerts as (
  select source_id, string_agg(title, '; ' order by opened_at) as alert
  from ops.alerts
  where resolved_at is null
  group by source_id
)
select
  last_poll.source_id, last_poll.polled_at, last_poll.outcome, last_poll.reason, last_poll.error_kind,
  last_poll.detail, last_poll.final_url, last_poll.capture_id,
  last_poll.next_poll_at, last_poll.failures_in_a_row, visits.visits, visits.not_modified,
  visits.news_at, visits.pushed_at, visits.lag_seconds, coalesce(known_feeds.feed_url, last_poll.feed_url) as feed_url,
  case when known_feeds.feed_url <> known_feeds.listed_url then known_feeds.listed_url end as moved_from,
  known_feeds.format,
  coalesce(pages.pages, 0) as pages, coalesce(pages.pages_failed, 0) as pages_failed,
  coalesce(entries.published, 0) as published, alerts.alert, known_feeds.gone_at
from last_poll
join visits using (source_id)
left join pages using (source_id)
left join entries using (source_id)
left join alerts using (source_id)
left join ops.known_feeds as known_feeds using (source_id)
order by last_poll.source_id
