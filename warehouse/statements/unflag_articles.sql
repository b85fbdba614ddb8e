-- Articles whose page is there again.
update published.articles
set flags = list_filter(flags, lambda flag: flag <> 'gone')
where article_id in (select unnest($article_ids::varchar[]))
