-- Some rows of a table that have changed since they were copied to the warehouse: now they are being copied.
-- `copied < 2` has SQLite look them up by their index.
update {table}
set copied = 1
where copied = 0
  and ({key}) in (select {key} from {table} where copied < 2 and copied = 0 limit :most)
