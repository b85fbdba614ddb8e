-- One row per batch that was rejected.
select batch_id, source_id, judged_at
from batches
where state = 'rejected'
