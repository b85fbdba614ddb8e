-- What is looked up or changed row by row. A moment (`_at`, `_since`) is in microseconds since 1970-01-01 00:00 UTC, a day
-- (`_day`) is ISO 8601 text, a list is JSON text, so that SQLite and PostgreSQL compare and order all of them alike.
-- `copied` of tables that analysts see: 0 changed since it was copied to the warehouse, 1 being copied, 2 copied.

-- One row per run.
create table runs (
  run_id text primary key,
  number integer not null,
  started_at integer not null,
  ended_at integer,
  copied integer not null default 0
);
create index runs_to_copy on runs (copied) where copied < 2;

-- One row per source that a run holds: it is no other's until the run ends, or its worker is dead.
create table leases (
  source_id text primary key,
  run_id text not null,
  worker integer not null,
  leased_at integer not null
);

-- One row per poll of a feed, in the order they were recorded.
create table polls (
  number integer primary key,
  source_id text not null,
  polled_at integer not null,
  outcome text not null,
  reason text,
  error_kind text,
  detail text,
  status integer,
  feed_url text not null,
  final_url text,
  etag text,
  last_modified text,
  body_hash text,
  entries_listed integer not null,
  entries_found integer not null,
  received_bytes integer not null,
  elapsed_ms integer not null,
  failures_in_a_row integer not null,
  lag_seconds integer,
  next_poll_at integer,
  run_number integer,
  capture_id text,
  copied integer not null default 0,
  unique (source_id, polled_at)
);
create index polls_by_source on polls (source_id, number);
create index polls_by_time on polls (polled_at);
create index polls_to_copy on polls (copied) where copied < 2;

-- One row per source: its feed as it last was. It counts for as long as the owner lists the same address.
create table known_feeds (
  source_id text primary key,
  listed_url text not null,
  feed_url text not null,
  format text,
  ttl_seconds integer,
  skip_hours text not null,
  skip_days text not null,
  gone_at integer,
  site_url text,
  hub_urls text,
  topic_url text,
  listing_state text,
  copied integer not null default 0
);
create index known_feeds_to_copy on known_feeds (copied) where copied < 2;

-- One row per run and host: what was asked of it, and how it answered.
create table host_visits (
  run_id text not null,
  host text not null,
  requests integer not null,
  not_modified integer not null,
  throttled integer not null,
  failed integer not null,
  received_bytes integer not null,
  copied integer not null default 0,
  primary key (run_id, host)
);
create index host_visits_to_copy on host_visits (copied) where copied < 2;

-- One row per source, range of days and address a backfill goes through; visited_at is null while it waits.
create table backfills (
  source_id text not null,
  first_day text not null,
  last_day text not null,
  address text not null,
  listed_at integer not null,
  visited_at integer,
  reason text,
  entries_found integer not null default 0,
  copied integer not null default 0,
  primary key (source_id, first_day, last_day, address)
);
create index backfills_to_copy on backfills (copied) where copied < 2;

-- One row per entry that a feed has listed, with how far it has come.
create table entries (
  entry_id text primary key,
  source_id text not null,
  guid text,
  url text,
  title text not null,
  authors text not null,
  summary text,
  content_html text,
  published_at integer,
  updated_at integer,
  published_raw text,
  language text,
  tags text not null,
  listing_hash text not null,
  found_at integer not null,
  last_listed_at integer not null,
  state text not null check (state in ('found', 'fetched', 'staged', 'ended')),
  attempts integer not null default 0,
  retry_at integer,
  capture_id text,
  batch_id text,
  article_id text
);
create index entries_under_way on entries (source_id, state) where state <> 'ended';
create index entries_by_address on entries (source_id, url);
create index entries_by_article on entries (article_id) where article_id is not null;
create index entries_by_batch on entries (batch_id) where batch_id is not null;
create index entries_by_found on entries (source_id, found_at);

-- One row per run and entry that came in: where the entry ended, null while it is under way.
create table entry_outcomes (
  run_id text not null,
  entry_id text not null,
  source_id text not null,
  outcome text check (outcome in ('published', 'unchanged', 'quarantined', 'rejected', 'failed')),
  reason text,
  error_kind text,
  detail text,
  ended_at integer,
  copied integer not null default 0,
  primary key (run_id, entry_id)
);
create index entry_outcomes_under_way on entry_outcomes (entry_id) where outcome is null;
create index entry_outcomes_by_entry on entry_outcomes (entry_id, ended_at);
create index entry_outcomes_by_time on entry_outcomes (ended_at) where ended_at is not null;
create index entry_outcomes_to_copy on entry_outcomes (copied) where copied < 2;

-- One row per fetch of an entry's page, in the order they were recorded.
create table fetches (
  number integer primary key,
  entry_id text not null,
  source_id text not null,
  url text not null,
  host text,
  fetched_at integer not null,
  status integer,
  final_url text,
  reason text,
  error_kind text,
  detail text,
  retry_at integer,
  received_bytes integer not null,
  elapsed_ms integer not null,
  run_number integer,
  capture_id text,
  copied integer not null default 0,
  unique (entry_id, fetched_at)
);
create index fetches_by_source on fetches (source_id, run_number);
create index fetches_by_time on fetches (fetched_at);
create index fetches_served on fetches (source_id, host) where status = 200;
create index fetches_to_copy on fetches (copied) where copied < 2;

-- One row per response in the archive.
create table captures (
  capture_id text primary key,
  url text not null,
  captured_at integer not null,
  status integer not null,
  payload_hash text not null,
  warc_file text not null,
  warc_offset integer not null,
  warc_length integer not null,
  removed_at integer,
  copied integer not null default 0
);
create index captures_by_file on captures (warc_file, warc_offset);
create index captures_to_copy on captures (copied) where copied < 2;

-- One row per source and run that staged something.
create table batches (
  batch_id text primary key,
  run_id text not null,
  source_id text not null,
  staged_at integer not null,
  judged_at integer,
  published_at integer,
  articles integer not null,
  figures integer not null,
  state text not null check (state in ('proposed', 'staged', 'validated', 'rejected', 'published')),
  is_reread boolean not null default false,
  copied integer not null default 0
);
create index batches_under_way on batches (state, staged_at) where state <> 'published';
create index batches_by_source on batches (source_id, staged_at);
create index batches_to_copy on batches (copied) where copied < 2;

-- One row per time that parsed articles were staged in a batch: the rows of each staged table, as compressed JSON.
create table staged_parts (
  number integer primary key,
  batch_id text not null,
  article_ids text not null,
  contents blob not null
);
create index staged_parts_by_batch on staged_parts (batch_id);

-- One row per batch and expectation.
create table validations (
  batch_id text not null,
  suite text not null,
  rule text not null,
  severity text not null,
  passed boolean not null,
  checked integer not null,
  unexpected integer not null,
  observed text,
  note text not null,
  judged_at integer not null,
  copied integer not null default 0,
  primary key (batch_id, suite, rule)
);
create index validations_of_warehouse on validations (judged_at) where suite = 'warehouse';
create index validations_to_copy on validations (copied) where copied < 2;

-- One row per published article: what the next poll, fetch and parse have to know of it.
create table articles (
  article_id text primary key,
  source_id text not null,
  content_hash text not null,
  capture_id text,
  fetched_at integer not null,
  first_seen_at integer not null,
  is_from_feed boolean not null,
  is_gone boolean not null,
  is_shortened boolean not null
);

-- One row per address that a published article was found under: as listed by its feed, where its page was served, or as
-- the page states its own.
create table article_urls (
  url text not null,
  article_id text not null,
  kind text not null,
  primary key (url, article_id, kind)
);
create index article_urls_by_article on article_urls (article_id);

-- One row per published article and source that listed it.
create table article_sources (
  article_id text not null,
  source_id text not null,
  primary key (article_id, source_id)
);

-- One row per published article of which the warehouse has yet to learn that its page is gone, shortened, or back.
create table presence_changes (
  article_id text primary key
);

-- One row per alert, from the moment something broke to the moment it is over.
create table alerts (
  alert_id text primary key,
  fingerprint text not null,
  source_id text,
  severity text not null,
  title text not null,
  body text not null,
  opened_at integer not null,
  last_seen_at integer not null,
  told_at integer,
  reminders integer not null default 0,
  returns integer not null default 0,
  quiet_since integer,
  resolved_at integer,
  copied integer not null default 0
);
create index alerts_by_fingerprint on alerts (fingerprint, opened_at);
create index alerts_to_copy on alerts (copied) where copied < 2;

-- One row per message about an alert: its opening, a reminder, its end; sent_at is null until every channel has it.
create table messages (
  message_id text primary key,
  alert_id text not null,
  moment text not null check (moment in ('opened', 'reminded', 'resolved')),
  title text not null,
  body text not null,
  severity text not null,
  written_at integer not null,
  sent_at integer
);
create index messages_unsent on messages (written_at) where sent_at is null;

-- One row per message and channel it was tried on; one that was begun and not ended may have come through.
create table deliveries (
  message_id text not null,
  receiver text not null,
  attempts integer not null,
  begun_at integer not null,
  retry_at integer,
  reason text,
  sent_at integer,
  primary key (message_id, receiver)
);

-- One row per thing that happened, in the order they were recorded; sent after the rows that prove it were committed.
create table events (
  number integer primary key,
  event_id text not null unique,
  name text not null,
  occurred_at integer not null,
  source_id text,
  payload text not null,
  sent_at integer,
  copied integer not null default 0
);
create index events_unsent on events (number) where sent_at is null;
create index events_to_copy on events (copied) where copied < 2;

-- One row: when history was last deleted.
create table prunings (
  pruned_at integer not null
);

-- One row per run and class of pages, by the time that each took to be parsed: within so many seconds, and not within
-- the next smaller class's. The last class has no bound, and null for it.
create table reading_times (
  run_id text not null,
  within_seconds real,
  pages integer not null,
  seconds real not null
);

-- One row per series of metrics and bound: what came in before the moment in counted_until.
create table counted (
  series text not null,
  labels text not null,
  bound real,
  events integer not null,
  seconds real not null
);

-- One row per time that rows were counted for good: up to which moment.
create table counted_until (
  counted_until_at integer not null
);

-- One row: the warehouse that this is the state of.
create table warehouse_id (
  warehouse_id text not null
);
