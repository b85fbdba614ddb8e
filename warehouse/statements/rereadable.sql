-- One row per story of a source whose last page is in the archive, and where; pages in order of their entries.
with last_endings as (
  select entry_id, max_by(outcome, ended_at) as outcome
  from ops.entry_outcomes
  where source_id = $source_id
  group by entry_id
)
select
  e.entry_id, e.source_id, e.guid, e.url, e.title, e.authors, e.summary, e.content_html, e.published_at,
  e.updated_at, e.published_raw, e.language, e.tags, e.listing_hash,
  c.captured_at as fetched_at,
  c.capture_id, c.url as capture_url, c.captured_at, c.status, c.payload_hash, c.warc_file, c.warc_offset,
  c.warc_length,
  a.article_id,
  coalesce(list_contains(a.flags, 'body_from_feed'), false) as is_from_feed
from raw.entries as e
left join published.articles as a using (article_id)
left join last_endings as last on last.entry_id = e.entry_id
-- A page that said the same again is the one its article was read from.
join ops.captures as c
  on c.capture_id = coalesce(if(last.outcome = 'unchanged', a.capture_id, null), e.capture_id, a.capture_id)
where e.source_id = $source_id
  and e.state = 'ended'
  and c.removed_at is null
  and (a.article_id is null or a.source_id = e.source_id)
  and ($since::timestamptz is null or c.captured_at >= $since::timestamptz)
  and ($article_ids::varchar[] is null or list_contains($article_ids::varchar[], e.article_id))
qualify row_number() over (partition by coalesce(e.article_id, e.entry_id) order by c.captured_at desc, e.entry_id) = 1
order by e.entry_id
