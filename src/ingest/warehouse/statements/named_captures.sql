-- One row per capture of a list that an article or a version of one names.
select capture_id
from (select unnest($capture_ids::varchar[]) as capture_id)
where capture_id in (
  select capture_id from published.articles
  union all select capture_id from published.article_versions
)
