-- One row: how many times parsed articles were staged in batches that were published before a moment, and their bytes.
select count(*) as number, coalesce(sum(length(part.contents)), 0) as bytes
from staged_parts as part
join batches as batch on batch.batch_id = part.batch_id
where batch.state = 'published'
  and batch.published_at < :before
