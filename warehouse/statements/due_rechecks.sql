-- One row per published article whose page is to be asked again, by the entry that is to ask it.
with visits as (
  select
    entry.article_id,
    coalesce(min(visit.fetched_at) filter (visit.reason is null), min(visit.fetched_at)) as first_at,
    max(visit.fetched_at) as last_at,
    max_by(visit.reason, visit.fetched_at) as last_reason,
    coalesce(max(visit.run_number), 0) as last_run
  from ops.fetches as visit
  join raw.entries as entry using (entry_id)
  where entry.article_id is not null
  group by entry.article_id
),
feeds as (
  select
    source_id,
    max(polled_at) filter (outcome = 'served' and reason is distinct from 'pushed') as listed_at,
    max_by(outcome, polled_at) = 'failed' as is_failing
  from ops.polls
  group by source_id
),
-- Hosts where something waits already are in trouble.
troubled as (
  select distinct regexp_extract(lower(url), '^https?://([^/?#]+)', 1) as host
  from raw.entries
  where state = 'found'
    and retry_at > $now
    and retry_at <= $now + interval 7 days
),
candidates as (
  select
    entry.entry_id, entry.source_id, visits.first_at, visits.last_at, visits.last_run,
    coalesce(entry.last_listed_at = feeds.listed_at, false) as is_listed
  from published.articles as article
  join raw.entries as entry on entry.article_id = article.article_id and entry.source_id = article.source_id
  join visits on visits.article_id = article.article_id
  left join feeds on feeds.source_id = entry.source_id
  where entry.source_id in (select unnest($source_ids::varchar[]))
    and (
      (article.capture_id is not null and entry.capture_id is not null)
      -- Its feed carried it while its page could not be had, which may have been a matter of hours.
      or (list_contains(article.flags, 'body_from_feed') and list_contains($passing_reasons::varchar[], visits.last_reason))
    )
    and entry.state = 'ended'
    and not coalesce(feeds.is_failing, false)
    and regexp_extract(lower(entry.url), '^https?://([^/?#]+)', 1) not in (select host from troubled)
  -- Several addresses may have brought one article; the one its text came from speaks for it.
  qualify row_number() over (
    partition by article.article_id
    order by coalesce(entry.capture_id = article.capture_id, false) desc, entry.last_listed_at desc, entry.entry_id
  ) = 1
)
select entry_id, source_id
from candidates
where last_run < (select number from ops.runs where run_id = $run_id)
  and (
    ($whole_listing and is_listed)
    or len(list_filter(
      $ages_seconds::bigint[],
      lambda age: first_at + to_seconds(age) > last_at and first_at + to_seconds(age) <= $now
    )) > 0
  )
qualify row_number() over (partition by source_id order by first_at desc, entry_id) <= coalesce($most, 1000000000)
