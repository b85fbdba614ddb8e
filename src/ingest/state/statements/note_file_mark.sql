-- The file of a release is in its place: what the file system says of it.
update releases
set file_mark = :file_mark
where release_id = :release_id
