-- One row per source of a list: when its feed last answered, and how often it has failed since.
select
  source.value as source_id,
  (
    select max(polled_at)
    from polls
    where source_id = source.value
      and outcome <> 'failed'
  ) as answered_at,
  coalesce((
    select failures_in_a_row
    from polls
    where source_id = source.value
    order by polled_at desc
    limit 1
  ), 0) as failures_in_a_row
from (select value from json_each(:source_ids)) as source
order by answered_at nulls first, source_id
