-- One row per published article and number of its sketch that is wanted.
with wanted as (
  select cast(value as integer) as number
  from json_each(:story_keys)
)
select article_id, first_seen_at, sketch_1 as story_key
from articles
where sketch_1 in (select number from wanted)
union all
select article_id, first_seen_at, sketch_2 as story_key
from articles
where sketch_2 in (select number from wanted)
union all
select article_id, first_seen_at, sketch_3 as story_key
from articles
where sketch_3 in (select number from wanted)
union all
select article_id, first_seen_at, sketch_4 as story_key
from articles
where sketch_4 in (select number from wanted)
union all
select article_id, first_seen_at, sketch_5 as story_key
from articles
where sketch_5 in (select number from wanted)
union all
select article_id, first_seen_at, sketch_6 as story_key
from articles
where sketch_6 in (select number from wanted)
union all
select article_id, first_seen_at, sketch_7 as story_key
from articles
where sketch_7 in (select number from wanted)
union all
select article_id, first_seen_at, sketch_8 as story_key
from articles
where sketch_8 in (select number from wanted)
