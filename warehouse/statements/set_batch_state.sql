update ops.batches
set
  state = $state,
  judged_at = case when $state = 'published' then judged_at else $now end,
  published_at = case when $state = 'published' then $now end
where batch_id in (select unnest($batch_ids::varchar[]))
