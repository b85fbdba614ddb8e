-- One row per time that parsed articles were staged in a batch: those with new content.
select number, article_ids
from staged_parts
order by number
