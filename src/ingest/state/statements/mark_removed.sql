-- Responses that are removed, where they were not before.
update captures
set removed_at = :now, copied = 0
where capture_id in (select value from json_each(:capture_ids))
  and removed_at is null
