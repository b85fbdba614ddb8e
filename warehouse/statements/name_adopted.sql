-- One row per entry found for the first time whose page another entry of the source brings, and what that is: one of the
-- two goes by its guid, the other by its address.
create or replace temp table adopted as
with found as (
  select entry.entry_id, entry.source_id, entry.guid is null as is_bare, unnest([entry.url, news.address]) as url
  from (
    select unnest($news::struct(entry_id varchar, address varchar)[], max_depth := 2)
  ) as news
  join raw.entries as entry using (entry_id)
  where entry.found_at = $now
    and entry.state = 'found'
),
brought as (
  select entry_id, source_id, guid is null as is_bare, article_id, capture_id, url
  from raw.entries
  where state <> 'ended'
    or article_id is not null
  union
  select entry.entry_id, entry.source_id, entry.guid is null, entry.article_id, entry.capture_id, known.url
  from raw.entries as entry
  join published.article_urls as known using (article_id)
)
select found.entry_id, max(brought.article_id) as article_id, max_by(brought.capture_id, brought.article_id) as capture_id
from found
join brought on brought.source_id = found.source_id and brought.url = found.url
where brought.is_bare <> found.is_bare
  and brought.entry_id not in (select entry_id from found)
group by found.entry_id
