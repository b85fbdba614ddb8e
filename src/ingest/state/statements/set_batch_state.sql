update batches
set
  state = :state,
  judged_at = case when :state = 'published' then judged_at else :now end,
  published_at = case when :state = 'published' then :now end,
  copied = 0
where batch_id = :batch_id
