-- A removed article of which nothing is left.
update removed_articles
set erased_at = :now, copied = 0
where article_id = :article_id
