-- One row per entry whose page was visited and not read yet, with where the page lies.
with fetched as (
  from raw.entries
  where source_id = $source_id
    and state = 'fetched'
  order by found_at, entry_id
  limit $limit
),
last_visits as (
  select entry_id, max(fetched_at) as fetched_at, max_by(final_url, fetched_at) as final_url
  from ops.fetches
  semi join fetched using (entry_id)
  group by entry_id
),
articles as (
  select article_id, flags
  from published.articles
  where article_id in (select article_id from fetched)
),
addresses as (
  from published.article_urls
  where article_id in (select article_id from articles)
),
captures as (
  from ops.captures
  where capture_id in (select capture_id from fetched)
),
-- Entries whose article is published with this feed and these addresses.
known as (
  select e.entry_id, e.article_id
  from fetched as e
  join last_visits as visit using (entry_id)
  join (
    from published.article_sources
    where article_id in (select article_id from articles)
  ) as source on source.article_id = e.article_id and source.source_id = e.source_id
  join addresses as listed
    on listed.article_id = e.article_id and listed.url = e.url and listed.kind = 'listed'
  join addresses as final
    on final.article_id = e.article_id and final.url = visit.final_url and final.kind = 'final'
)
select
  e.entry_id, e.source_id, e.guid, e.url, e.title, e.authors, e.summary, e.content_html, e.published_at,
  e.updated_at, e.published_raw, e.language, e.tags, e.listing_hash,
  coalesce(visit.fetched_at, e.last_listed_at) as fetched_at, e.attempts as visits,
  c.capture_id, c.url as capture_url, c.captured_at, c.status, c.payload_hash, c.warc_file, c.warc_offset,
  c.warc_length,
  article.article_id,
  coalesce(list_contains(article.flags, 'body_from_feed'), false) as is_from_feed,
  known.article_id as known_as
from fetched as e
left join captures as c on c.capture_id = e.capture_id
left join last_visits as visit on visit.entry_id = e.entry_id
left join articles as article on article.article_id = e.article_id
left join known on known.entry_id = e.entry_id
order by e.found_at, e.entry_id
