-- One row per batch that its suites rejected: how many of its articles are not public as they came in then, or later.
select
  batch.batch_id, batch.source_id, batch.staged_at, batch.judged_at, batch.articles, batch.figures,
  (
    select count(distinct entry.article_id)
    from entries as entry
    where entry.batch_id = batch.batch_id
      and not exists (
        select 1
        from articles as article
        where article.article_id = entry.article_id
          and (article.capture_id = entry.capture_id or article.fetched_at > batch.staged_at)
      )
  ) as not_public
from batches as batch
where batch.state = 'rejected'
  and (cast(:sources as text) is null or batch.source_id in (select value from json_each(:sources)))
  and substr(batch.batch_id, 1, length(cast(:beginning as text))) = cast(:beginning as text)
order by batch.staged_at, batch.source_id, batch.batch_id
