-- Rows that are not there yet, told apart by their key, come in.
insert into {table} ({columns})
select {values}
from (
  select {rows}
) as fresh
anti join {table} using ({key})
