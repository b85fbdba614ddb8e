delete from staged_parts
where batch_id in (
  select part.batch_id
  from staged_parts as part
  join batches as batch on batch.batch_id = part.batch_id
  where batch.state = 'published'
    and batch.published_at < :before
)
