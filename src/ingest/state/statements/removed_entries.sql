-- One row per entry of some that is known to have brought an article which was removed.
select entry.entry_id, removed.article_id
from entries as entry
join removed_articles as removed on removed.article_id = entry.article_id
where entry.entry_id in (select value from json_each(:entry_ids))
