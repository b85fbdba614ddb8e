-- Points the articles named at one original, or at none.
update published.articles
set duplicate_of = $original_id
where article_id in ({values})
