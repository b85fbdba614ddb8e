-- One row per poll before a moment that nothing depends on: not the last of its source, nor one of those by which it is
-- known how often the source has news.
select source_id, polled_at
from polls
where polled_at < :before
  and number not in (
    select max(number)
    from polls
    group by source_id
  )
  and number not in (
    select number
    from (
      select number, row_number() over (partition by source_id order by polled_at desc) as place
      from polls
      where entries_found > 0
    ) as fruitful
    where place <= 30
  )
