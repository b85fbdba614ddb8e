-- Articles whose page went away, or shows less than we have; they stay as they are otherwise.
update published.articles
set flags = list_append(flags, $flag)
where article_id in (select unnest($article_ids::varchar[]))
