-- One row per article of a list that has a flag.
select article_id
from published.articles
where article_id in (select unnest($article_ids::varchar[]))
  and list_contains(flags, $flag)
