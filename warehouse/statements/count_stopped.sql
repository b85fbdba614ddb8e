-- One row: how many articles of a source's stopped batches are not public as they came in then, or later.
select count(distinct entry.article_id) as articles
from raw.entries as entry
join ops.batches as batch using (batch_id)
where batch.source_id = $source_id
  and batch.state = 'rejected'
  and entry.article_id not in (
    select article_id
    from staging.articles
    where batch_id = $passing
  )
  and not exists (
    from published.articles as article
    where article.article_id = entry.article_id
      and (article.capture_id = entry.capture_id or article.fetched_at > batch.staged_at)
  )
