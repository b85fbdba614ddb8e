delete from awaited_pushes
where entry_id in (select value from json_each(:entry_ids))
