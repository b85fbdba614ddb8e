-- What we learn of feeds beside their entries, and what we ask of hosts.

-- One row per source: its feed as it last was. It counts for as long as the owner lists the same address.
create table ops.known_feeds (
  source_id varchar primary key,
  listed_url varchar not null,
  feed_url varchar not null,
  format varchar,
  ttl_seconds integer,
  skip_hours integer[] not null,
  skip_days varchar[] not null,
  gone_at timestamptz
);

-- One row per run and host: what was asked of it, and how it answered.
create table ops.host_visits (
  run_id varchar not null,
  host varchar not null,
  requests bigint not null,
  not_modified bigint not null,
  throttled bigint not null,
  failed bigint not null,
  received_bytes bigint not null,
  primary key (run_id, host)
);

-- One row per source, range of days and address a backfill goes through; visited_at is null while it waits.
create table ops.backfills (
  source_id varchar not null,
  first_day date not null,
  last_day date not null,
  address varchar not null,
  listed_at timestamptz not null,
  visited_at timestamptz,
  reason varchar,
  entries_found integer not null default 0,
  primary key (source_id, first_day, last_day, address)
);
