-- One row: how many articles of some sources have a page in the archive that can be parsed again: as rereadable.sql lists.
with last_endings as (
  select entry_id, outcome
  from (
    select entry_id, outcome, row_number() over (partition by entry_id order by ended_at desc) as place
    from entry_outcomes
    where source_id in (select value from json_each(:source_ids))
      and ended_at is not null
  ) as endings
  where place = 1
)
select count(distinct coalesce(e.article_id, e.entry_id)) as stories
from entries as e
left join articles as a on a.article_id = e.article_id
left join last_endings as last on last.entry_id = e.entry_id
join captures as c
  on c.capture_id = coalesce(case when last.outcome = 'unchanged' then a.capture_id end, e.capture_id, a.capture_id)
where e.source_id in (select value from json_each(:source_ids))
  and e.state = 'ended'
  and (a.article_id is null or a.source_id = e.source_id)
  and (cast(:since as bigint) is null or c.captured_at >= cast(:since as bigint))
