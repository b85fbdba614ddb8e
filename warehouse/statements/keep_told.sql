update ops.events
set sent_at = $now
where event_id in (select unnest($event_ids::varchar[]))
