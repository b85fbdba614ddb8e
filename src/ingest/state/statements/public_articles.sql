-- One row per article of some that is public.
select article_id
from articles
where article_id in (select value from json_each(:article_ids))
