-- One row: how many stories of some sources have a page in the archive that can be read again: as rereadable.sql lists.
with last_endings as (
  select entry_id, max_by(outcome, ended_at) as outcome
  from ops.entry_outcomes
  where list_contains($source_ids::varchar[], source_id)
  group by entry_id
)
select count(distinct coalesce(e.article_id, e.entry_id)) as stories
from raw.entries as e
left join published.articles as a using (article_id)
left join last_endings as last on last.entry_id = e.entry_id
join ops.captures as c
  on c.capture_id = coalesce(if(last.outcome = 'unchanged', a.capture_id, null), e.capture_id, a.capture_id)
where list_contains($source_ids::varchar[], e.source_id)
  and e.state = 'ended'
  and (a.article_id is null or a.source_id = e.source_id)
  and ($since::timestamptz is null or c.captured_at >= $since::timestamptz)
