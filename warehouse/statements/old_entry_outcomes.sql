-- One row per way that an entry took before a moment, neither its last nor one that ended published.
select rowid
from ops.entry_outcomes
join (
  select entry_id, max(ended_at) as last_at
  from ops.entry_outcomes
  group by entry_id
) as last using (entry_id)
where ended_at < $before
  and ended_at < last_at
  and outcome <> 'published'
