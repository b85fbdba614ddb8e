-- One row per batch that was published since a moment.
select batch_id
from batches
where state = 'published'
  and published_at >= :since
