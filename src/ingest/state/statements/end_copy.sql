-- The rows of a table that were being copied are.
update {table}
set copied = 2
where copied < 2
  and copied = 1
