-- What is kept of the archive and of history, and for how long.

-- When the file a capture lies in was removed, whose row is kept as long as something names it.
alter table ops.captures add column removed_at timestamptz;

-- One row: when history was last pruned.
create table ops.prunings (
  pruned_at timestamptz not null
);
