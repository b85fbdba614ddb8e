-- The rows of one day, in the order in which they were brought.
select {columns}
from export_part as t
where t.day is not distinct from {day}
order by t.rowid
