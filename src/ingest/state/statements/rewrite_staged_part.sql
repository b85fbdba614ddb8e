-- What was staged at a time, without an article.
update staged_parts
set article_ids = :article_ids, contents = :contents
where number = :number
