-- One row per batch of some: its state, and whether it was parsed again from the archive.
select batch_id, state, is_reread
from batches
where batch_id in (select value from json_each(:batch_ids))
