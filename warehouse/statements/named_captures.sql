-- One row per capture of a list that an article, a version of one or a row in quarantine names.
select capture_id
from (select unnest($capture_ids::varchar[]) as capture_id)
where capture_id in (
  select capture_id from published.articles
  union all select capture_id from published.article_versions
  union all select capture_id from quarantine.refused_rows
)
