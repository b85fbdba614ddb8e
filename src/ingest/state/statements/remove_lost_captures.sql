-- Captures whose record is lost, noted as those of a file that was removed.
update captures
set removed_at = :now, copied = 0
where capture_id in (select value from json_each(:capture_ids))
