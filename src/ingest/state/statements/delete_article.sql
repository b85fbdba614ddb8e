-- What is known of an article for the next poll, fetch and parse.
delete from articles
where article_id = :article_id
