-- One row per batch, public article and source that the batch says listed it.
select distinct staged.batch_id, staged.article_id, staged.source_id
from staging.article_sources as staged
join publishing using (batch_id)
where (staged.batch_id, 'article_sources', staged.row_key) not in (from refused)
  and article_id in (select article_id from known_articles union all select article_id from good_articles)
