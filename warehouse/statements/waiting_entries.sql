-- One row per entry whose page is due to be visited.
select
  entry_id, source_id, guid, url, title, authors, summary, content_html, published_at, updated_at,
  published_raw, language, tags, listing_hash, attempts
from raw.entries
where source_id = $source_id
  and state = 'found'
  and (retry_at is null or retry_at <= $now)
order by found_at, entry_id
