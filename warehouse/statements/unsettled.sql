-- One row per batch that was published, and whose publication the state may not know of yet.
select batch_id, settled
from ops.settlements
order by settled ->> 'published_at', batch_id
