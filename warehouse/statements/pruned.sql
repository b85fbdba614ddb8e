-- One row per batch that the temporary table `unstaged` names.
select source_id, batch_id, articles, reason
from unstaged
order by source_id, batch_id
