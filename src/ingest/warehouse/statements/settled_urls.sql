-- One row per batch, public article and address that the batch brought of it.
select distinct staged.batch_id, staged.article_id, staged.url, staged.kind
from staging.article_urls as staged
join publishing using (batch_id)
where (staged.batch_id, 'article_urls', staged.row_key) not in (from refused)
  and article_id in (select article_id from known_articles union all select article_id from good_articles)
