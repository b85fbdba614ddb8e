delete from ops.settlements
where batch_id in (select unnest($batch_ids::varchar[]))
