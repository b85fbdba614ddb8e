-- Rows in quarantine are in the state, to which they were imported before (state_import.py). What stays is a copy for
-- analysts.
create table ops.quarantine (
  batch_id varchar not null,
  table_name varchar not null,
  row_key varchar not null,
  rule varchar not null,
  source_id varchar not null,
  article_id varchar,
  note varchar not null,
  row_json json not null,
  quarantined_at timestamptz not null,
  refused_id varchar,
  capture_id varchar,
  retried_at timestamptz,
  accepted_at timestamptz,
  accepted_why varchar,
  primary key (batch_id, table_name, row_key, rule)
);
insert into ops.quarantine by name from quarantine.refused_rows;
drop schema quarantine cascade;
