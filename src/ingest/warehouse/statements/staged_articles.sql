-- One row per batch and article of it; of one without news only its addresses and listings are staged.
select batch_id, article_id
from staging.articles
where batch_id in (select unnest($batch_ids::varchar[]))
union
select batch_id, article_id
from staging.article_urls
where batch_id in (select unnest($batch_ids::varchar[]))
union
select batch_id, article_id
from staging.article_sources
where batch_id in (select unnest($batch_ids::varchar[]))
