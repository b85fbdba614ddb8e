-- Captures that can't be read any more, of which nobody has a backup.
update ops.captures
set removed_at = $now
where capture_id in (select unnest($capture_ids::varchar[]))
