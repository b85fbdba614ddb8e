-- One row per release before a moment, the last one excepted.
select rowid
from ops.releases
where released_at < $before
  and rowid < (select max(rowid) from ops.releases)
