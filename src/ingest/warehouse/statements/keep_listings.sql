-- When sources listed published articles last.
update published.article_sources
set last_listed_at = greatest(article_sources.last_listed_at, listed.last_listed_at)
from (
  select unnest(
    $listed::struct(article_id varchar, source_id varchar, last_listed_at timestamptz)[],
    max_depth := 2
  )
) as listed
where article_sources.article_id = listed.article_id
  and article_sources.source_id = listed.source_id
  and article_sources.last_listed_at < listed.last_listed_at
