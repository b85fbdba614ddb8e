-- The released file was copied to another place, or is seen from another machine.
update ops.releases
set file_mark = $file_mark
where release_id = $release_id
