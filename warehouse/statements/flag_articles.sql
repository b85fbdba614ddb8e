-- Sets a flag of articles: their page is gone, or shows less than is published.
update published.articles
set flags = list_append(flags, $flag)
where article_id in (select unnest($article_ids::varchar[]))
