-- One row per source whose feed was ever read, or is gone.
select
  source_id, listed_url, feed_url, format, ttl_seconds, skip_hours, skip_days, gone_at, site_url, hub_urls, topic_url,
  listing_state
from known_feeds
where cast(:source_ids as text) is null
  or source_id in (select value from json_each(:source_ids))
