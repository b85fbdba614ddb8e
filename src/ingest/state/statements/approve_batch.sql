update batches
set state = 'staged', copied = 0
where batch_id = :batch_id
  and state = 'proposed'
