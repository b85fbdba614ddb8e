-- One row per article of some that is published, with its content hash.
select article_id, content_hash
from articles
where article_id in (select value from json_each(:article_ids))
