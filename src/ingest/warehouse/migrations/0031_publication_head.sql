-- Every publication of a lake updates this one row, so that of two at once the second fails. A file, which has one
-- publisher, is written anew without the table.

-- One row: the last publication, by its number.
create table ops.publication_head (
  number bigint not null,
  published_at timestamptz
);
insert into ops.publication_head values (0, null);
