-- One row per article of a list that lacks a flag.
select article_id
from published.articles
where article_id in (select unnest($article_ids::varchar[]))
  and not list_contains(flags, $flag)
