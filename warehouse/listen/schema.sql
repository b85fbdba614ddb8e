-- What `ingest listen` and runs tell each other: listen.db, which is SQLite.

-- One row per source whose feed says that a hub pushes it.
create table if not exists topics (
  source_id text primary key,
  topic text not null
);

-- One row per subscription, in the order in which they were opened.
create table if not exists subscriptions (
  number integer primary key,
  token text not null unique,
  told text not null
);

-- One row per delivery of a hub; once it is taken in, its body is let go of, and what it was is remembered for a while.
create table if not exists deliveries (
  delivery_id text primary key,
  token text not null,
  source_id text not null,
  topic_url text not null,
  content_type text,
  body blob,
  bytes integer not null,
  received_at text not null,
  attempts integer not null default 0,
  taken_at text
);
create index if not exists waiting_deliveries on deliveries (attempts, received_at) where taken_at is null;
create index if not exists taken_deliveries on deliveries (taken_at) where taken_at is not null;
create index if not exists waiting_bytes on deliveries (token, bytes) where taken_at is null;

-- One row per source that is said to have news, and was not visited since.
create table if not exists pings (
  source_id text primary key,
  reason text not null,
  first_at text not null,
  received_at text not null
);

-- One row per subscription and entry that we found ourselves, and that the hub should push as well.
create table if not exists awaited (
  token text not null,
  entry_id text not null,
  found_at text not null,
  primary key (token, entry_id)
);

-- One row: since when `ingest listen` has been there, and when it last was.
create table if not exists listening (
  one integer primary key check (one = 1),
  since text not null,
  seen_at text not null
);
