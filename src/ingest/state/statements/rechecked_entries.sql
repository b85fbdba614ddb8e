-- One row per published article and entry that may fetch its page again, with its fetches so far: those of the source's
-- latest articles first, and of an article the entry that its text came from.
with page_fetches as (
  select
    entry.article_id, page.fetched_at, page.reason, page.run_number,
    row_number() over (partition by entry.article_id order by page.fetched_at desc, page.number desc) as place
  from fetches as page
  join entries as entry on entry.entry_id = page.entry_id
  where entry.article_id is not null
    and entry.source_id in (select value from json_each(:source_ids))
),
fetch_times as (
  select
    article_id,
    coalesce(min(fetched_at) filter (where reason is null), min(fetched_at)) as first_at,
    max(fetched_at) as last_at,
    max(reason) filter (where place = 1) as last_reason,
    coalesce(max(run_number), 0) as last_run
  from page_fetches
  group by article_id
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
  entry.entry_id, entry.source_id, entry.article_id, entry.url, fetch_times.first_at, fetch_times.last_at,
  fetch_times.last_run < (select number from runs where run_id = :run_id) as is_of_earlier_run,
  coalesce(entry.last_listed_at = feeds.listed_at, false) as is_listed
from articles as article
join entries as entry on entry.article_id = article.article_id and entry.source_id = article.source_id
join fetch_times on fetch_times.article_id = article.article_id
left join feeds on feeds.source_id = entry.source_id
where entry.source_id in (select value from json_each(:source_ids))
  and (
    (article.capture_id is not null and entry.capture_id is not null)
    -- Its feed carried it while its page could not be had, which may have been a matter of hours.
    or (article.is_from_feed and fetch_times.last_reason in (select value from json_each(:passing_reasons)))
  )
  and entry.state = 'ended'
  and not coalesce(feeds.is_failing, false)
order by
  entry.source_id,
  fetch_times.first_at desc,
  entry.article_id,
  coalesce(entry.capture_id = article.capture_id, false) desc,
  entry.last_listed_at desc,
  entry.entry_id
