-- One row per source the pipeline has known.
select source_id, name, site_url, feed_url, language, country, timezone
from published.sources
order by source_id
