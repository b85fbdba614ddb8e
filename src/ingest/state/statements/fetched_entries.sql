-- One row per entry whose page was fetched and not parsed yet, with where the page lies.
with fetched as (
  select *
  from entries
  where source_id = :source_id
    and state = 'fetched'
  order by found_at, entry_id
  limit :most
),
last_fetches as (
  select entry_id, max(fetched_at) as fetched_at
  from fetches
  where entry_id in (select entry_id from fetched)
  group by entry_id
)
select
  e.entry_id, e.source_id, e.guid, e.url, e.title, e.authors, e.summary, e.content_html, e.published_at, e.updated_at,
  e.published_raw, e.language, e.tags, e.listing_hash,
  coalesce(latest.fetched_at, e.last_listed_at) as fetched_at,
  e.attempts as visits,
  c.capture_id, c.url as capture_url, c.captured_at, c.status, c.payload_hash, c.warc_file, c.warc_offset, c.warc_length,
  article.article_id,
  coalesce(article.is_from_feed, false) as is_from_feed,
  -- The article that is published already with this source and these addresses.
  case
    when exists (
      select 1
      from article_sources as source
      where source.article_id = article.article_id
        and source.source_id = e.source_id
    ) and exists (
      select 1
      from article_urls as listed
      where listed.article_id = article.article_id
        and listed.url = e.url
        and listed.kind = 'listed'
    ) and exists (
      select 1
      from article_urls as final
      where final.article_id = article.article_id
        and final.url = last.final_url
        and final.kind = 'final'
    ) then article.article_id
  end as known_as
from fetched as e
left join captures as c on c.capture_id = e.capture_id
left join last_fetches as latest on latest.entry_id = e.entry_id
left join fetches as last on last.entry_id = latest.entry_id and last.fetched_at = latest.fetched_at
left join articles as article on article.article_id = e.article_id
order by e.found_at, e.entry_id
