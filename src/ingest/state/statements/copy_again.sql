-- Rows that the warehouse had, and may lack now.
update {table}
set copied = 0
where copied = 2
