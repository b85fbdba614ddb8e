-- One row per entry of a list, with what we have of its page: the article's own, not the one last seen here, which may
-- have held none.
select
  e.entry_id, e.source_id, e.guid, e.url, e.title, e.authors, e.summary, e.published_at, e.updated_at, e.published_raw,
  e.language, e.tags, e.listing_hash, e.attempts as visits,
  coalesce(e.content_html, '') <> '' as is_carried,
  a.article_id,
  coalesce(a.is_from_feed, false) as is_from_feed,
  c.capture_id, c.url as capture_url, c.captured_at, c.status, c.payload_hash, c.warc_file, c.warc_offset, c.warc_length
from entries as e
left join articles as a on a.article_id = e.article_id
left join captures as c on c.capture_id = a.capture_id and e.capture_id is not null
where e.entry_id in (select value from json_each(:entry_ids))
