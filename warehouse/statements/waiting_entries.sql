-- One row per entry whose page is due to be visited, those that are asked again last.
select
  e.entry_id, e.source_id, e.guid, e.url, e.title, e.authors, e.summary, e.published_at, e.updated_at,
  e.published_raw, e.language, e.tags, e.listing_hash, e.attempts as visits,
  coalesce(e.content_html, '') <> '' as is_carried,
  a.article_id,
  coalesce(list_contains(a.flags, 'body_from_feed'), false) as is_from_feed,
  c.capture_id, c.url as capture_url, c.captured_at, c.status, c.payload_hash, c.warc_file, c.warc_offset,
  c.warc_length
from raw.entries as e
left join published.articles as a on a.article_id = e.article_id
-- The article's own page, not the one last seen here, which may have held no story.
left join ops.captures as c on c.capture_id = a.capture_id and e.capture_id is not null
where e.source_id = $source_id
  and e.state = 'found'
  and (e.retry_at is null or e.retry_at <= $now)
order by e.capture_id is not null, e.found_at, e.entry_id
