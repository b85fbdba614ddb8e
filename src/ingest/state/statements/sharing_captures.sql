-- One row per response of a list, and per response whose body is one of theirs; and whether it is the page of another article
-- or entry. 304 has no body.
with listed as (
  select capture_id, payload_hash, status
  from captures
  where capture_id in (select value from json_each(:capture_ids))
),
sharing as (
  select capture_id, url, captured_at, status, payload_hash, warc_file, warc_offset, warc_length, removed_at
  from captures
  where capture_id in (select capture_id from listed)
    or (status <> 304 and payload_hash in (select payload_hash from listed where status <> 304))
),
others as (
  select page.capture_id
  from fetches as page
  join entries as entry on entry.entry_id = page.entry_id
  where page.capture_id in (select capture_id from sharing)
    and entry.article_id is distinct from :article_id
  union
  select capture_id
  from entries
  where capture_id in (select capture_id from sharing)
    and article_id is distinct from :article_id
  union
  select capture_id
  from articles
  where capture_id in (select capture_id from sharing)
    and article_id <> :article_id
)
select
  capture_id, url, captured_at, status, payload_hash, warc_file, warc_offset, warc_length,
  removed_at is not null as is_removed,
  capture_id in (select capture_id from others) as is_of_another
from sharing
order by warc_file, warc_offset
