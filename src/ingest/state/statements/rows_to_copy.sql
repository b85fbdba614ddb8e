-- One row per row of a table that is being copied.
select {columns}
from {table}
where copied < 2
  and copied = 1
