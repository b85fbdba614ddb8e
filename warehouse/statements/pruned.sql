-- One row per batch that the temporary table `prunable` names.
select source_id, batch_id, articles, reason
from prunable
order by source_id, batch_id
