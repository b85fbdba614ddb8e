-- One row per article that is published, with its content hash, or that the batch has already, without.
with staged as (
  select distinct article_id
  from staging.articles
  where batch_id = $batch_id
    and article_id in (select unnest($article_ids::varchar[]))
)
select article_id, content_hash
from published.articles
anti join staged using (article_id)
where article_id in (select unnest($article_ids::varchar[]))
union all by name
select article_id, null as content_hash
from staged
