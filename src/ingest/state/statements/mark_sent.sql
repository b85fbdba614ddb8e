update events
set sent_at = :now, copied = 0
where event_id in (select value from json_each(:event_ids))
