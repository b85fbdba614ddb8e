-- Releases before a moment go, the last one excepted.
delete from ops.releases
where released_at < $before
  and rowid < (select max(rowid) from ops.releases)
