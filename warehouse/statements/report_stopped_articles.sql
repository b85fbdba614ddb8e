-- One row per article of a stopped batch, with its figures as far as they are kept, and whether it is public now.
with held as (
  select article_id, title, url, published_at
  from staging.articles
  where batch_id = $batch_id
  union all by name
  select article_id, any_value(title) as title, any_value(url) as url, any_value(published_at) as published_at
  from raw.entries
  where batch_id = $batch_id
    and article_id is not null
    and article_id not in (select article_id from staging.articles where batch_id = $batch_id)
  group by article_id
)
select
  held.article_id, held.title, held.url, held.published_at,
  held.article_id in (select article_id from published.articles) as is_public,
  (
    select list({'text': figure.text, 'value': figure.value, 'kind': figure.kind, 'unit': figure.unit} order by paragraph, span_start)
    from staging.figures as figure
    where figure.batch_id = $batch_id
      and figure.article_id = held.article_id
  ) as figures
from held
order by held.title, held.article_id
