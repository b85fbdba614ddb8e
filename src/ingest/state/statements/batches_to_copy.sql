-- One row per batch that is being copied; one that is proposed may be withdrawn, and leaves no trace then.
select {columns}
from batches
where copied < 2
  and copied = 1
  and state <> 'proposed'
