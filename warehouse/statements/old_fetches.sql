-- One row per visit to the page of an entry that was neither visited nor listed since a moment, and is not under way: what
-- is asked again, and when, is known by all its visits. The last one that a host served is kept.
with forgotten as (
  select entry_id
  from ops.fetches
  group by entry_id
  having max(fetched_at) < $before
)
select rowid
from ops.fetches
where entry_id in (
    select entry.entry_id
    from raw.entries as entry
    where entry.entry_id in (from forgotten)
      and entry.state = 'ended'
      and entry.last_listed_at < $before
  )
  and rowid not in (
    select max(rowid)
    from ops.fetches
    where status = 200
    group by source_id, lower(regexp_extract(url, '^https?://([^/?#]+)', 1))
  )
