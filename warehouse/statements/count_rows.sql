-- One row: how many rows of a table of `ops` are chosen, and how long they are, written out.
select count(*) as number, coalesce(sum(strlen(chosen::varchar)), 0)::bigint as bytes
from ops.{table} as chosen
where rowid in (
{chosen})
