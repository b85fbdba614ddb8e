-- Removed articles that came in again, of which the archive has something.
update removed_articles
set erased_at = null, copied = 0
where article_id in (select value from json_each(:article_ids))
  and erased_at is not null
