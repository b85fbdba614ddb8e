-- What identifies the released file, so that any other in its place is noticed: the id inside it, its SHA-256, and a hash
-- of its tables and views. `file_mark` is its device, inode, size and times.
alter table ops.releases add column release_id varchar;
alter table ops.releases add column file_digest varchar;
alter table ops.releases add column file_shape varchar;
