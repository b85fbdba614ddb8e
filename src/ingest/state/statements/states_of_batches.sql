-- One row per batch of some: its state, when it was published, and whether it was parsed again from the archive.
select batch_id, state, published_at, is_reread
from batches
where batch_id in (select value from json_each(:batch_ids))
