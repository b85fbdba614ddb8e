-- Articles whose page went away; they stay as they are otherwise.
update published.articles
set flags = list_append(flags, 'gone')
where article_id in (select unnest($article_ids::varchar[]))
