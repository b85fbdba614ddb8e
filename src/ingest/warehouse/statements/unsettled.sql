-- One row per batch that was published, and whose publication the state may not know of yet, in the order of publication.
select batch_id, settled
from ops.settlements
order by settled ->> 'published_at', (settled ->> 'position')::integer, batch_id
