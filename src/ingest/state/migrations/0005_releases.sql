-- The analysts' file: how it was released last, and what it does not show yet.

-- One row: the last release.
create table releases (
  release_id text primary key,
  released_at integer not null,
  took_seconds real not null,
  file_shape text not null,
  file_digest text not null,
  file_mark text
);

-- One row per change of what is public, or of what people are told, that the analysts' file does not show yet.
create table unreleased_changes (
  change_id text primary key,
  changed_at integer not null
);
