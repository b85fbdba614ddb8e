-- What the warehouse has yet to learn of an article.
delete from presence_changes
where article_id = :article_id
