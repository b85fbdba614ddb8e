-- One row per time that parsed articles were staged in one of some batches that are not published: those with new content.
select part.batch_id, part.article_ids
from staged_parts as part
join batches as batch on batch.batch_id = part.batch_id
where part.batch_id in (select value from json_each(:batch_ids))
  and batch.state <> 'published'
