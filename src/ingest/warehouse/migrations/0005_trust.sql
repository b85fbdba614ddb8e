-- Alerts that remind, come back and are damped; what each receiver is owed.

alter table ops.alerts add column told_at timestamptz;
alter table ops.alerts add column reminders integer default 0;
alter table ops.alerts add column returns integer default 0;
alter table ops.alerts add column quiet_since timestamptz;
update ops.alerts set told_at = coalesce(resolved_at, opened_at);
-- Batches are told of by the cause of their trouble now; what was told otherwise would never end.
update ops.alerts set resolved_at = last_seen_at
where resolved_at is null
  and title like '%: batch stopped by %';

-- One row per message about an alert that receivers are owed: its opening, a reminder, its end.
create table ops.messages_owed (
  message_id varchar primary key,
  alert_id varchar not null,
  moment varchar not null check (moment in ('opened', 'reminded', 'resolved')),
  title varchar not null,
  body varchar not null,
  severity varchar not null,
  written_at timestamptz not null,
  sent_at timestamptz
);
insert into ops.messages_owed by name
select * exclude (attempts)
from ops.messages;
drop table ops.messages;
alter table ops.messages_owed rename to messages;

-- One row per message and receiver it was tried on; begun and not ended is cut off, and may have come through.
create table ops.deliveries (
  message_id varchar not null,
  receiver varchar not null,
  attempts integer not null,
  begun_at timestamptz not null,
  retry_at timestamptz,
  reason varchar,
  sent_at timestamptz,
  primary key (message_id, receiver)
);

-- Rows in quarantine that a person can name, try again or accept.
alter table quarantine.refused_rows add column refused_id varchar;
alter table quarantine.refused_rows add column capture_id varchar;
alter table quarantine.refused_rows add column retried_at timestamptz;
alter table quarantine.refused_rows add column accepted_at timestamptz;
alter table quarantine.refused_rows add column accepted_why varchar;
update quarantine.refused_rows set refused_id = md5(concat_ws('/', batch_id, table_name, row_key));

-- One row per staged row that a person accepted: no rule refuses it any more.
create table quarantine.accepted_rows (
  table_name varchar not null,
  row_key varchar not null,
  why varchar not null,
  accepted_at timestamptz not null,
  primary key (table_name, row_key)
);

-- One row per source and run that staged something; what is read again from the archive is proposed first.
create table ops.batches_proposed (
  batch_id varchar primary key,
  run_id varchar not null,
  source_id varchar not null,
  staged_at timestamptz not null,
  judged_at timestamptz,
  published_at timestamptz,
  articles integer not null,
  figures integer not null,
  state varchar not null check (state in ('proposed', 'staged', 'validated', 'rejected', 'published')),
  is_reread boolean not null default false
);
insert into ops.batches_proposed by name from ops.batches;
drop table ops.batches;
alter table ops.batches_proposed rename to batches;
