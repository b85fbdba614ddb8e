-- Which sources listed an article.
delete from article_sources
where article_id = :article_id
