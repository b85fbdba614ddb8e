-- One row per key named and article that has it.
select story_key, article_id, first_seen_at
from ops.story_keys
where story_key in (select unnest($story_keys::ubigint[]))
