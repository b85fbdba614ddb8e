-- Articles whose page is there, perhaps again.
update published.articles
set flags = list_filter(flags, lambda flag: flag <> 'gone')
where list_contains($article_ids, article_id)
  and list_contains(flags, 'gone')
