-- One row per outcome of an entry before a moment, neither its last nor `published`.
select run_id, entry_id
from entry_outcomes
where ended_at < :before
  and outcome <> 'published'
  and exists (
    select 1
    from entry_outcomes as later
    where later.entry_id = entry_outcomes.entry_id
      and later.ended_at > entry_outcomes.ended_at
  )
