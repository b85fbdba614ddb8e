-- One row per article of a source whose last page is in the archive, and where; pages in order of their entries.
with last_endings as (
  select entry_id, outcome
  from (
    select entry_id, outcome, row_number() over (partition by entry_id order by ended_at desc) as place
    from entry_outcomes
    where source_id = :source_id
      and ended_at is not null
  ) as endings
  where place = 1
),
found as (
  select
    e.entry_id, e.source_id, e.guid, e.url, e.title, e.authors, e.summary, e.content_html, e.published_at, e.updated_at,
    e.published_raw, e.language, e.tags, e.listing_hash,
    c.capture_id, c.url as capture_url, c.captured_at, c.status, c.payload_hash, c.warc_file, c.warc_offset,
    c.warc_length,
    a.article_id,
    coalesce(a.is_from_feed, false) as is_from_feed,
    row_number() over (
      partition by coalesce(e.article_id, e.entry_id)
      order by c.captured_at desc, e.entry_id
    ) as place
  from entries as e
  left join articles as a on a.article_id = e.article_id
  left join last_endings as last on last.entry_id = e.entry_id
  -- A page that said the same again is the one its article was read from.
  join captures as c
    on c.capture_id = coalesce(case when last.outcome = 'unchanged' then a.capture_id end, e.capture_id, a.capture_id)
  where e.source_id = :source_id
    and e.state = 'ended'
    and c.removed_at is null
    and (a.article_id is null or a.source_id = e.source_id)
    and (cast(:since as bigint) is null or c.captured_at >= cast(:since as bigint))
    and (cast(:article_ids as text) is null or e.article_id in (select value from json_each(:article_ids)))
)
select *
from found
where place = 1
order by entry_id
