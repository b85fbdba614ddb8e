-- Articles whose page went away; they stay as they are otherwise.
update published.articles
set flags = list_append(flags, 'gone')
where list_contains($article_ids, article_id)
  and not list_contains(flags, 'gone')
