-- Lets go of some of the rows of a table of `ops` that are chosen.
delete from ops.{table}
where rowid in (
  select rowid
  from (
{chosen})
  limit $most
)
