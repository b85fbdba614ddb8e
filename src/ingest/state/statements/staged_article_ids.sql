-- One row per time that parsed articles were staged in a batch: those with new content.
select article_ids
from staged_parts
where batch_id = :batch_id
