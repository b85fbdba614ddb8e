-- One row of a table, where it has any.
select *
from {table}
limit 1
