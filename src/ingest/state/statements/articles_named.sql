-- One row per article that has a key, or that was found under one of some addresses: published, waiting, or removed.
with named as (
  select article_id
  from articles
  where article_id = :key
  union
  select article_id
  from removed_articles
  where article_id = :key
  union
  select article_id
  from article_urls
  where url in (select value from json_each(:addresses))
  union
  select article_id
  from entries
  where article_id = :key
  union
  select article_id
  from entries
  where url in (select value from json_each(:addresses))
    and article_id is not null
)
select
  named.article_id,
  coalesce(
    removed.source_id,
    article.source_id,
    (select min(entry.source_id) from entries as entry where entry.article_id = named.article_id)
  ) as source_id,
  coalesce(
    removed.url,
    (select min(known.url) from article_urls as known where known.article_id = named.article_id and known.kind = 'canonical'),
    (select min(entry.url) from entries as entry where entry.article_id = named.article_id),
    named.article_id
  ) as url,
  removed.removed_at,
  removed.why,
  removed.erased_at
from named
left join articles as article on article.article_id = named.article_id
left join removed_articles as removed on removed.article_id = named.article_id
order by named.article_id
