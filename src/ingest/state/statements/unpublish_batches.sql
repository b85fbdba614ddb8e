-- Batches that are to be published again, of those published whose parsed articles are kept.
update batches
set state = 'validated', copied = 0
where batch_id in (select value from json_each(:batch_ids))
  and state = 'published'
  and batch_id in (select batch_id from staged_parts)
returning batch_id
