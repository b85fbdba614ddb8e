-- Articles whose page is there, perhaps again.
update published.articles
set flags = list_filter(flags, lambda flag: flag <> 'gone')
where article_id in (select unnest($article_ids::varchar[]))
  and list_contains(flags, 'gone')
returning article_id
