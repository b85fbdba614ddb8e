-- What the warehouse knows of an article, unless it has changed again.
delete from presence_changes
where article_id = :article_id
  and exists (
    select 1
    from articles
    where articles.article_id = presence_changes.article_id
      and is_gone = :is_gone
      and is_shortened = :is_shortened
  )
