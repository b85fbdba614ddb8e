-- One row per entry of a list, with what we have of its page.
with asked as (
  from raw.entries
  where entry_id in (select unnest($entry_ids::varchar[]))
),
articles as (
  select article_id, flags, capture_id
  from published.articles
  where article_id in (select article_id from asked)
),
captures as (
  from ops.captures
  where capture_id in (select capture_id from articles)
),
-- The article's own page, not the one last seen here, which may have held no story.
known as (
  select
    asked.* exclude (article_id), article.article_id, article.flags,
    case when asked.capture_id is not null then article.capture_id end as own_capture_id
  from asked
  left join articles as article on article.article_id = asked.article_id
)
select
  e.entry_id, e.source_id, e.guid, e.url, e.title, e.authors, e.summary, e.published_at, e.updated_at,
  e.published_raw, e.language, e.tags, e.listing_hash, e.attempts as visits,
  coalesce(e.content_html, '') <> '' as is_carried,
  e.article_id,
  coalesce(list_contains(e.flags, 'body_from_feed'), false) as is_from_feed,
  c.capture_id, c.url as capture_url, c.captured_at, c.status, c.payload_hash, c.warc_file, c.warc_offset,
  c.warc_length
from known as e
left join captures as c on c.capture_id = e.own_capture_id
