-- One row per article that is kept of a batch, with its figures in their order.
select
  article.article_id, article.title, article.url, article.published_at,
  (
    select list({'text': figure.text, 'value': figure.value, 'kind': figure.kind, 'unit': figure.unit} order by paragraph, span_start)
    from staging.figures as figure
    where figure.batch_id = $batch_id
      and figure.article_id = article.article_id
  ) as figures
from staging.articles as article
where article.batch_id = $batch_id
