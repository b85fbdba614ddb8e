-- What `ingest listen` takes for runs and runs tell it, and where the archive has a payload. Secrets of subscriptions are in
-- plain text: signatures can't be verified by less.

-- One row per source whose feed names hubs that push it.
create table topics (
  source_id text primary key,
  listed_url text not null,
  topic_url text not null,
  hub_urls text not null
);

-- One row per subscription at a hub, in the order they were opened.
create table subscriptions (
  number integer primary key,
  token text not null unique,
  source_id text not null,
  topic_url text not null,
  hub_url text not null,
  secret text not null,
  state text not null check (state in ('new', 'active', 'refused', 'left')),
  reason text,
  moved_to text,
  asked_mode text,
  asked_at integer,
  tries integer not null,
  retry_at integer,
  active_since integer,
  lease_ends_at integer,
  renew_at integer,
  pushes integer not null,
  last_push_at integer,
  refused integer not null,
  is_trusted boolean not null,
  kept_word integer not null,
  distrusted_at integer,
  missed integer not null
);

-- One row per push of a hub, in the order they were received. Once a run has taken it in, its body is null, and the row
-- stays for a while: pushed again, it is known.
create table pushes (
  number integer primary key,
  delivery_id text not null unique,
  token text not null,
  source_id text not null,
  topic_url text not null,
  content_type text,
  body blob,
  bytes integer not null,
  received_at integer not null,
  attempts integer not null default 0,
  taken_at integer
);
create index pushes_waiting on pushes (attempts, received_at, number) where taken_at is null;
create index pushes_taken on pushes (taken_at) where taken_at is not null;
create index pushes_by_subscription on pushes (token, bytes) where taken_at is null;

-- One row per source that is said to have news, and was not polled since.
create table pings (
  source_id text primary key,
  reason text not null,
  first_at integer not null,
  received_at integer not null
);

-- One row per subscription and entry that a poll has found, and that the hub should push as well.
create table awaited_pushes (
  token text not null,
  entry_id text not null,
  found_at integer not null,
  primary key (token, entry_id)
);
create index awaited_pushes_by_entry on awaited_pushes (entry_id);

-- One row: since when `ingest listen` has been there without a pause, and when it last was.
create table listening (
  one integer primary key check (one = 1),
  there_since integer not null,
  seen_at integer not null
);

-- One row per payload in the archive, and per address of a page: the record that later ones refer to. It is a hint: that
-- record is read before it is referred to.
create table payloads (
  payload_key text primary key,
  warc_file text not null,
  warc_offset integer not null
);
