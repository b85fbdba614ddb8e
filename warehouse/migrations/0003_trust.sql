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
