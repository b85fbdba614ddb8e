-- One row per source of which pages were ever fetched, with the number of the run that did so last.
select source_id, coalesce(max(run_number), 0) as run_number
from fetches
group by source_id
