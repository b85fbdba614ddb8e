-- One row: how many rows of a table another statement chooses, and how long they are, written out.
select count(*) as number, coalesce(sum({length}), 0) as characters
from {table}
where ({key}) in (
{chosen}
)
