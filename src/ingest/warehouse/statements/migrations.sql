-- One row per migration this file has been through.
create schema if not exists ops;

create table if not exists ops.migrations (
  number integer primary key,
  name varchar not null,
  applied_at timestamptz not null
);
