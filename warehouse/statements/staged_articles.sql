-- One row per article of a batch.
select article_id
from staging.articles
where batch_id = $batch_id
