-- One row per key named and article that has it. The keys are literal, for DuckDB looks literals up by index.
select story_key, article_id, first_seen_at
from ops.story_keys
where story_key in ({values})
