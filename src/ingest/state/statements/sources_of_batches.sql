-- One row per batch of some: its source.
select batch_id, source_id
from batches
where batch_id in (select value from json_each(:batch_ids))
