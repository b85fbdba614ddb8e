-- One row per source whose feed names hubs.
select source_id, listed_url, topic_url, hub_urls
from topics
order by source_id
