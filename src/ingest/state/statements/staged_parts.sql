-- One row per time that parsed articles were staged in some batches, in order.
select part.batch_id, part.contents, batch.is_reread
from staged_parts as part
join batches as batch on batch.batch_id = part.batch_id
where part.batch_id in (select value from json_each(:batch_ids))
order by part.number
