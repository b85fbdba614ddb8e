-- One row per source the pipeline has known.
select source_id
from published.sources
order by source_id
