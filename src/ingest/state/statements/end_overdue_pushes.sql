-- One row per subscription and entry that was found long ago and never pushed; they are awaited no longer.
delete from awaited_pushes
where found_at <= :found_before
returning token
