-- One row per published article and entry that may fetch its page again, with its fetches so far: those of the source's
-- latest articles first, and of an article the entry that its text came from.
with visits as (
  select
    entry.article_id,
    coalesce(min(visit.fetched_at) filter (where visit.reason is null), min(visit.fetched_at)) as first_at,
    max(visit.fetched_at) as last_at,
    coalesce(max(visit.run_number), 0) as last_run
  from fetches as visit
  join entries as entry on entry.entry_id = visit.entry_id
  where entry.article_id is not null
    and entry.source_id in (select value from json_each(:source_ids))
  group by entry.article_id
),
last_reasons as (
  select
    entry.article_id, visit.reason,
    row_number() over (partition by entry.article_id order by visit.fetched_at desc, visit.number desc) as place
  from fetches as visit
  join entries as entry on entry.entry_id = visit.entry_id
  where entry.article_id is not null
    and entry.source_id in (select value from json_each(:source_ids))
),
feeds as (
  select
    source_id,
    max(polled_at) filter (where outcome = 'served' and reason is distinct from 'pushed') as listed_at,
    max(polled_at) filter (where outcome = 'failed') = max(polled_at) as is_failing
  from polls
  where source_id in (select value from json_each(:source_ids))
  group by source_id
)
select
  entry.entry_id, entry.source_id, entry.article_id, entry.url, visits.first_at, visits.last_at,
  visits.last_run < (select number from runs where run_id = :run_id) as is_of_earlier_run,
  coalesce(entry.last_listed_at = feeds.listed_at, false) as is_listed
from articles as article
join entries as entry on entry.article_id = article.article_id and entry.source_id = article.source_id
join visits on visits.article_id = article.article_id
join last_reasons as last on last.article_id = article.article_id and last.place = 1
left join feeds on feeds.source_id = entry.source_id
where entry.source_id in (select value from json_each(:source_ids))
  and (
    (article.capture_id is not null and entry.capture_id is not null)
    -- Its feed carried it while its page could not be had, which may have been a matter of hours.
    or (article.is_from_feed and last.reason in (select value from json_each(:passing_reasons)))
  )
  and entry.state = 'ended'
  and not coalesce(feeds.is_failing, false)
order by
  entry.source_id,
  visits.first_at desc,
  entry.article_id,
  coalesce(entry.capture_id = article.capture_id, false) desc,
  entry.last_listed_at desc,
  entry.entry_id
