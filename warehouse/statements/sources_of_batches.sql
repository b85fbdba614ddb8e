-- One row per batch of those named: its source.
select batch_id, source_id
from ops.batches
where list_contains($batch_ids::varchar[], batch_id)
