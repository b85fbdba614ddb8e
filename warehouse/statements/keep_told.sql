update ops.events
set sent_at = $now
where list_contains($event_ids, event_id)
