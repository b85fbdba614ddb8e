-- How the analysts' file was released last, and whether it is in its place, is in the state. The file says which release it is.
drop table ops.releases;

-- One row: the last release.
create table ops.release (
  release_id varchar primary key,
  released_at timestamptz not null
);
