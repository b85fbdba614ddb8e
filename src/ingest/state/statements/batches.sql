-- One row per batch in a state, in the order in which they are published: first what was public before.
select batch_id, run_id, source_id, staged_at, articles, figures, state, published_at
from batches
where state = :state
order by published_at nulls last, staged_at, source_id
