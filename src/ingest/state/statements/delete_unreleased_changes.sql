delete from unreleased_changes
where change_id in (select value from json_each(:change_ids))
