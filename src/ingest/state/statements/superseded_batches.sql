-- One row per rejected batch whose parsed articles wait for nothing: all of them are public, as they came in then or later,
-- or its time is over. Its validation results and entries, and the pages in the archive, stay.
select batch_id, source_id, articles, case when not_public = 0 then 'superseded' else 'old' end as reason
from (
  select
    batch.batch_id, batch.source_id, batch.articles, batch.judged_at,
    (
      select count(*)
      from entries as entry
      where entry.batch_id = batch.batch_id
        and entry.article_id is not null
        and not exists (
          select 1
          from articles as article
          where article.article_id = entry.article_id
            and (article.capture_id = entry.capture_id or article.fetched_at > batch.staged_at)
        )
    ) as not_public
  from batches as batch
  where batch.state = 'rejected'
    and batch.batch_id in (select batch_id from staged_parts)
) as rejected
where not_public = 0
  or judged_at < :judged_before
order by rejected.source_id, rejected.batch_id nulls last
