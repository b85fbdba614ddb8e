-- One row per article of a batch; of one without news only its addresses and listings are staged.
select article_id
from staging.articles
where batch_id = $batch_id
union
select article_id
from staging.article_urls
where batch_id = $batch_id
union
select article_id
from staging.article_sources
where batch_id = $batch_id
