-- One row per run that began before a moment, and of which no outcome and no batch is left.
select run_id
from runs
where started_at < :before
except
select run_id
from entry_outcomes
except
select run_id
from batches
