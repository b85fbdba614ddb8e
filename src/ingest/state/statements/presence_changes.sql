-- One row per article of which the warehouse has yet to learn whether its page is gone or shortened. One whose batch is to
-- be published again may not be there, and waits for that.
select article.article_id, article.is_gone, article.is_shortened
from presence_changes as change
join articles as article on article.article_id = change.article_id
where change.article_id not in (
  select entry.article_id
  from batches as batch
  join entries as entry on entry.batch_id = batch.batch_id
  where batch.state = 'validated'
    and batch.published_at is not null
    and entry.article_id is not null
)
