-- One row per source, batch and article of some, or of some batches.
select distinct source_id, batch_id, article_id
from entries
where article_id is not null
  and (
    article_id in (select value from json_each(:article_ids))
    or batch_id in (select value from json_each(:batch_ids))
  )
order by source_id, article_id
