-- One row per visit to a feed before a moment that nothing leans on: not the last of its source, nor one of those by which
-- its habits are known.
select rowid
from ops.polls
where polled_at < $before
  and rowid not in (
    select max(rowid)
    from ops.polls
    group by source_id
  )
  and rowid not in (
    select rowid
    from ops.polls
    where entries_found > 0
    qualify row_number() over (partition by source_id order by polled_at desc) <= 30
  )
