-- One row per removed article among some, by its key or by an address: that address.
select article_id, null as url
from removed_articles
where article_id in (select value from json_each(:article_ids))
union all
select removed.article_id, known.url
from article_urls as known
join removed_articles as removed on removed.article_id = known.article_id
where known.url in (select value from json_each(:addresses))
