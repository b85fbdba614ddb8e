-- One row per stopped batch whose staged rows are kept for nothing: newer readings of all its articles are public, or
-- its time is over. Its verdicts and entries, and the pages in the archive, stay.
create or replace temp table prunable as
select
  batch.batch_id, batch.source_id, count(*) as articles,
  if(
    bool_and(public.article_id is not null and (public.fetched_at >= staged.fetched_at or public.content_hash = staged.content_hash)),
    'superseded',
    'old'
  ) as reason
from ops.batches as batch
join staging.articles as staged using (batch_id)
left join published.articles as public on public.article_id = staged.article_id
where batch.state = 'rejected'
group by batch.batch_id, batch.source_id, batch.judged_at
having reason = 'superseded'
  or batch.judged_at < $judged_before
