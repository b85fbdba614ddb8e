-- Which run has a source in hand, so that several workers on one lake share the sources and none is visited twice.

-- One row per source that a run has taken: it is nobody else's until the run ends, or its worker is dead.
create table ops.claims (
  source_id varchar primary key,
  run_id varchar not null,
  worker bigint not null,
  claimed_at timestamptz not null
);
