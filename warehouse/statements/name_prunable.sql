-- One row per stopped batch whose staged rows are kept for nothing: newer readings of all its articles are public, or
-- its time is over. Its verdicts and entries, and the pages in the archive, stay.
create or replace temp table unstaged as
with stopped as (
  select
    batch.batch_id, batch.source_id, batch.judged_at, staged.article_id, staged.fetched_at, staged.content_hash
  from (
    select unnest($rejected::struct(batch_id varchar, source_id varchar, judged_at timestamptz)[], max_depth := 2)
  ) as batch
  join staging.articles as staged using (batch_id)
),
public as (
  select article_id, fetched_at, content_hash
  from published.articles
  where article_id in (select article_id from stopped)
)
select
  stopped.batch_id, stopped.source_id, count(*) as articles,
  if(
    bool_and(
      public.article_id is not null
      and (public.fetched_at >= stopped.fetched_at or public.content_hash = stopped.content_hash)
    ),
    'superseded',
    'old'
  ) as reason
from stopped
left join public using (article_id)
group by stopped.batch_id, stopped.source_id, stopped.judged_at
having reason = 'superseded'
  or stopped.judged_at < $judged_before
