-- One row: how many releases were before a moment, the last one excepted, and how long their rows are, written out.
select count(*) as number, coalesce(sum(strlen(release::varchar)), 0)::bigint as bytes
from ops.releases as release
where released_at < $before
  and rowid < (select max(rowid) from ops.releases)
