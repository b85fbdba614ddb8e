-- One row per staged row of a batch for which a predicate is true, which comes with its table from a suite.
-- Twins share a key, by which none is published; each is kept, the second as …#2.
select
  refused.row_key,
  md5(concat_ws('/', refused.batch_id, '{table}', refused.row_key)) as refused_id,
  refused.article_id,
  (
    select any_value(article.capture_id)
    from staging.articles as article
    where article.batch_id = refused.batch_id
      and article.article_id = refused.article_id
  ) as capture_id,
  refused.row_json
from (
  select
    batch_id,
    row_key || case when twin > 1 then '#' || twin else '' end as row_key,
    article_id,
    row_json
  from (
    select
      batch_id, row_key, {article_id} as article_id, to_json(staged) as row_json,
      row_number() over (partition by row_key order by rowid) as twin
    from staging.{table} as staged
    where batch_id = $batch_id
      and ({predicate})
  )
) as refused
order by refused.row_key
