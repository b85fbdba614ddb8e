-- One row: what was staged at a time.
select contents
from staged_parts
where number = :number
