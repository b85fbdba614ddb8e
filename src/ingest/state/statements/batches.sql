-- One row per batch in a state.
select batch_id, run_id, source_id, staged_at, articles, figures, state
from batches
where state = :state
order by staged_at, source_id
