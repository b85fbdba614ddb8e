-- Clears a flag of articles: their page is back, and whole.
update published.articles
set flags = list_filter(flags, lambda flag: flag <> $flag)
where article_id in (select unnest($article_ids::varchar[]))
