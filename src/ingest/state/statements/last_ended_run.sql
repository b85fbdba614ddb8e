-- One row: when a run last came to its end.
select max(ended_at) as ended_at
from runs
