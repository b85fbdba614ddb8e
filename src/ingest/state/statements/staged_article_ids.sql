-- One row per time that parsed articles were staged in one of some batches: those with new content.
select batch_id, article_ids
from staged_parts
where batch_id in (select value from json_each(:batch_ids))
