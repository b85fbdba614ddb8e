-- One row per source whose feed was ever read, or is gone.
from ops.known_feeds
where $source_ids::varchar[] is null
  or list_contains($source_ids::varchar[], source_id)
