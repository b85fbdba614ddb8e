-- One row per article that is published, or in the batch already.
select article_id, content_hash
from published.articles
where article_id in (select unnest($article_ids::varchar[]))
union all by name
select article_id, content_hash
from staging.articles
where batch_id = $batch_id
  and article_id in (select unnest($article_ids::varchar[]))
