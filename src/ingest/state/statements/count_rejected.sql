-- One row: how many articles of a source's rejected batches are not public as they came in then, or later.
select count(distinct entry.article_id) as articles
from batches as batch
join entries as entry on entry.batch_id = batch.batch_id
where batch.source_id = :source_id
  and batch.state = 'rejected'
  and entry.article_id is not null
  and entry.article_id not in (select value from json_each(:passing))
  and not exists (
    select 1
    from articles as article
    where article.article_id = entry.article_id
      and (article.capture_id = entry.capture_id or article.fetched_at > batch.staged_at)
  )
