-- One row per article named that is a copy.
select article_id, earliest_id, earliest_seen_at
from ops.copies
where article_id in ({values})
