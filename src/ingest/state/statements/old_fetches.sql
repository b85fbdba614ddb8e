-- One row per fetch of an entry that was neither fetched nor listed since a moment, and is not under way: when its page is
-- fetched again is known by all its fetches. The last one that a host served is kept.
select entry_id, fetched_at
from fetches
where fetched_at < :before
  and entry_id in (
    select entry_id
    from entries
    where state = 'ended'
      and last_listed_at < :before
  )
  and not exists (
    select 1
    from fetches as later
    where later.entry_id = fetches.entry_id
      and later.fetched_at >= :before
  )
  and number not in (
    select max(number)
    from fetches
    where status = 200
    group by source_id, host
  )
