-- One row per batch that was published since a moment, as far as this warehouse knows.
select batch_id
from ops.published_batches
where published_at >= timestamptz {since}
