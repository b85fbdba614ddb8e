update ops.batches
set state = 'staged'
where batch_id = $batch_id
  and state = 'proposed'
