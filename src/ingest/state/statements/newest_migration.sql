-- One row: the number of the last migration that was run; 0 for none.
select coalesce(max(number), 0) as number
from migrations
