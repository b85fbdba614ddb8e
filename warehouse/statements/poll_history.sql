-- One row: how often a source's feed was visited, and when it last had something new, newest first.
select
  count(*) filter (reason is distinct from 'pushed') as visits,
  coalesce(list(polled_at order by polled_at desc) filter (entries_found > 0), [])[:30] as arrivals
from ops.polls
where source_id = $source_id
