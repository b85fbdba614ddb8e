-- One row: whether a batch was read again from the archive.
select is_reread
from ops.batches
where batch_id = $batch_id
