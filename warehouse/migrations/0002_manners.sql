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
