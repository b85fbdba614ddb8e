delete from staged_parts
where batch_id in (select value from json_each(:batch_ids))
