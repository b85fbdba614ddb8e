-- What the analysts' file was when we handed it over, so that anything else in its place is noticed: the file's own id,
-- its SHA-256, and the shape that it was given. `file_mark` is what the file system says of it.
alter table ops.releases add column release_id varchar;
alter table ops.releases add column file_digest varchar;
alter table ops.releases add column file_shape varchar;
