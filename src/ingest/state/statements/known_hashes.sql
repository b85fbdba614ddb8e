-- One row per published article with its key in a range, unless its batch waits to be published again.
select article_id, source_id, content_hash, fetched_at
from articles
where article_id >= :first
  and (cast(:end as text) is null or article_id < :end)
  and article_id not in (
    select entry.article_id
    from batches as batch
    join entries as entry on entry.batch_id = batch.batch_id
    where batch.state = 'validated'
      and batch.published_at is not null
      and entry.article_id is not null
  )
order by article_id
