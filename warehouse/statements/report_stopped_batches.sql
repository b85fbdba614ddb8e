-- One row per batch that its suites stopped: by what, how much of it is not public, and how much of it is kept.
with kept as (
  select batch_id, count(*) as articles
  from staging.articles
  group by batch_id
),
rules as (
  select batch_id, string_agg(suite || '.' || rule, ', ' order by suite, rule) as rules
  from ops.validations
  where not passed
    and severity = 'critical'
  group by batch_id
)
select
  batch.batch_id, batch.source_id, batch.staged_at, batch.judged_at, batch.articles, batch.figures, rules.rules,
  coalesce(kept.articles, 0) as articles_kept,
  (
    select count(distinct entry.article_id)
    from raw.entries as entry
    where entry.batch_id = batch.batch_id
      and not exists (
        from published.articles as article
        where article.article_id = entry.article_id
          and (article.capture_id = entry.capture_id or article.fetched_at > batch.staged_at)
      )
  ) as not_public
from ops.batches as batch
left join kept using (batch_id)
left join rules using (batch_id)
where batch.state = 'rejected'
  and (len($sources::varchar[]) = 0 or list_contains($sources::varchar[], batch.source_id))
  and ($batch_id::varchar is null or starts_with(batch.batch_id, $batch_id::varchar))
order by batch.staged_at, batch.source_id, batch.batch_id
