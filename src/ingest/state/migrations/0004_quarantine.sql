-- Rows that rules refused, and which of them a person accepted.

-- One row per staged row and rule that refused it, with the row itself.
create table quarantine (
  batch_id text not null,
  table_name text not null,
  row_key text not null,
  rule text not null,
  source_id text not null,
  article_id text,
  note text not null,
  row_json text not null,
  excerpt text not null,
  quarantined_at integer not null,
  refused_id text not null,
  capture_id text,
  retried_at integer,
  accepted_at integer,
  accepted_why text,
  copied integer not null default 0,
  primary key (batch_id, table_name, row_key, rule)
);
create index quarantine_by_id on quarantine (refused_id);
create index quarantine_unsettled on quarantine (source_id) where accepted_at is null and retried_at is null;
create index quarantine_to_copy on quarantine (copied) where copied < 2;

-- One row per row that a person accepted: no rule refuses it any more, but a final one.
create table accepted_rows (
  table_name text not null,
  row_key text not null,
  why text not null,
  accepted_at integer not null,
  primary key (table_name, row_key)
);
