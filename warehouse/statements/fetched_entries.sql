-- One row per entry whose page was visited and not read yet, with where the page lies.
select
  e.entry_id, e.source_id, e.guid, e.url, e.title, e.authors, e.summary, e.content_html, e.published_at,
  e.updated_at, e.published_raw, e.language, e.tags, e.listing_hash,
  coalesce(f.fetched_at, e.last_listed_at) as fetched_at,
  c.capture_id, c.url as capture_url, c.captured_at, c.status, c.payload_hash, c.warc_file, c.warc_offset,
  c.warc_length
from raw.entries as e
left join ops.captures as c on c.capture_id = e.capture_id
left join (
  select entry_id, max(fetched_at) as fetched_at
  from ops.fetches
  group by all
) as f on f.entry_id = e.entry_id
where e.source_id = $source_id
  and e.state = 'fetched'
order by e.found_at, e.entry_id
limit $limit
