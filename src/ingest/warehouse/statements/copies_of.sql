-- One row per article that copies one of those named.
select article_id, earliest_id, earliest_seen_at
from ops.copies
where earliest_id in ({values})
