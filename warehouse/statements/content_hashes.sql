-- One row per article that is published, or in the batch already.
select article_id, content_hash
from published.articles
where list_contains($article_ids, article_id)
union all by name
select article_id, content_hash
from staging.articles
where batch_id = $batch_id
  and list_contains($article_ids, article_id)
