-- One row per row in quarantine that a batch brings again.
with staged as (
  select 'articles' as table_name, row_key from staging.articles where batch_id = $batch_id
  union all select 'article_urls', row_key from staging.article_urls where batch_id = $batch_id
  union all select 'article_sources', row_key from staging.article_sources where batch_id = $batch_id
  union all select 'authors', row_key from staging.authors where batch_id = $batch_id
  union all select 'article_authors', row_key from staging.article_authors where batch_id = $batch_id
  union all select 'paragraphs', row_key from staging.paragraphs where batch_id = $batch_id
  union all select 'figures', row_key from staging.figures where batch_id = $batch_id
  union all select 'links', row_key from staging.links where batch_id = $batch_id
  union all select 'media', row_key from staging.media where batch_id = $batch_id
  union all select 'tags', row_key from staging.tags where batch_id = $batch_id
)
select distinct refused.refused_id
from quarantine.refused_rows as refused
join staged using (table_name, row_key)
where list_contains($refused_ids::varchar[], refused.refused_id)
