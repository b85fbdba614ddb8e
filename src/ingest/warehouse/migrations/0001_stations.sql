-- The stations a row passes: raw, staging, quarantine, published; and ops, how the pipeline did.
-- What each column means is said once, where analysts read it: warehouse/views/news.sql.

create schema raw;
create schema staging;
create schema quarantine;
create schema published;
create schema if not exists ops;

-- One row per story a feed has listed, with how far it has come.
create table raw.entries (
  entry_id varchar primary key,
  source_id varchar not null,
  guid varchar,
  url varchar,
  title varchar not null,
  authors varchar[] not null,
  summary varchar,
  content_html varchar,
  published_at timestamptz,
  updated_at timestamptz,
  published_raw varchar,
  language varchar,
  tags varchar[] not null,
  listing_hash varchar not null,
  found_at timestamptz not null,
  last_listed_at timestamptz not null,
  state varchar not null check (state in ('found', 'fetched', 'staged', 'ended')),
  attempts integer not null default 0,
  retry_at timestamptz,
  capture_id varchar,
  batch_id varchar,
  article_id varchar
);

-- One row per newsroom feed we watch.
create table published.sources (
  source_id varchar primary key,
  name varchar not null,
  site_url varchar,
  feed_url varchar not null,
  language varchar,
  country varchar,
  timezone varchar not null
);

-- One row per article, newest version.
create table published.articles (
  article_id varchar primary key,
  source_id varchar not null,
  url varchar not null,
  canonical_url varchar not null,
  title varchar not null,
  authors varchar[] not null,
  summary varchar,
  body varchar not null,
  language varchar,
  section varchar,
  published_at timestamptz,
  modified_at timestamptz,
  published_raw varchar,
  first_seen_at timestamptz not null,
  fetched_at timestamptz not null,
  word_count integer not null,
  version integer not null,
  content_hash varchar not null,
  duplicate_of varchar,
  flags varchar[] not null,
  parser_version varchar not null,
  capture_id varchar
);

-- One row per version of an article.
create table published.article_versions (
  article_id varchar not null,
  version integer not null,
  title varchar not null,
  body varchar not null,
  content_hash varchar not null,
  seen_at timestamptz not null,
  capture_id varchar,
  primary key (article_id, version)
);

-- One row per address an article was found under.
create table published.article_urls (
  article_id varchar not null,
  url varchar not null,
  kind varchar not null,
  primary key (article_id, url, kind)
);

-- One row per article and feed that listed it.
create table published.article_sources (
  article_id varchar not null,
  source_id varchar not null,
  guid varchar,
  found_at timestamptz not null,
  last_listed_at timestamptz not null,
  primary key (article_id, source_id)
);

-- One row per person who signs articles.
create table published.authors (
  author_id varchar primary key,
  name varchar not null
);

-- One row per article and person, in the order of the byline.
create table published.article_authors (
  article_id varchar not null,
  author_id varchar not null,
  position integer not null,
  primary key (article_id, position)
);

-- One row per heading, paragraph, quote or list item of an article.
create table published.paragraphs (
  article_id varchar not null,
  position integer not null,
  kind varchar not null,
  heading varchar,
  text varchar not null,
  primary key (article_id, position)
);

-- One row per number an article quotes.
create table published.figures (
  figure_id varchar primary key,
  article_id varchar not null,
  version integer not null,
  paragraph integer not null,
  span_start integer not null,
  span_end integer not null,
  text varchar not null,
  value decimal(38, 6) not null,
  value_high decimal(38, 6),
  kind varchar not null,
  unit varchar,
  qualifier varchar not null,
  subject varchar,
  attributed_to varchar,
  sentence varchar not null,
  flags varchar[] not null,
  rules varchar[] not null
);

-- One row per figure that a newer version changed, added or dropped.
create table published.figure_changes (
  article_id varchar not null,
  from_version integer not null,
  to_version integer not null,
  position integer not null,
  change varchar not null,
  kind varchar not null,
  unit varchar,
  subject varchar,
  before varchar,
  before_value decimal(38, 6),
  after varchar,
  after_value decimal(38, 6),
  seen_at timestamptz not null,
  primary key (article_id, to_version, position)
);

-- One row per outgoing link of an article.
create table published.links (
  article_id varchar not null,
  position integer not null,
  kind varchar not null,
  url varchar not null,
  text varchar not null,
  primary key (article_id, position)
);

-- One row per image or video of an article.
create table published.media (
  article_id varchar not null,
  position integer not null,
  kind varchar not null,
  url varchar not null,
  caption varchar,
  credit varchar,
  primary key (article_id, position)
);

-- One row per article and tag.
create table published.tags (
  article_id varchar not null,
  tag varchar not null,
  primary key (article_id, tag)
);

-- Staged rows have the shape of published ones, and name their batch and the key they go by in quarantine.
-- Versions and duplicates are found out when they are published. They carry no constraints: the suites judge them.
create table staging.articles as
select * exclude (version, duplicate_of), '' as batch_id, '' as row_key
from published.articles
with no data;

create table staging.article_urls as
select *, '' as batch_id, '' as row_key
from published.article_urls
with no data;

create table staging.article_sources as
select *, '' as batch_id, '' as row_key
from published.article_sources
with no data;

create table staging.authors as
select *, '' as batch_id, '' as row_key
from published.authors
with no data;

create table staging.article_authors as
select *, '' as batch_id, '' as row_key
from published.article_authors
with no data;

create table staging.paragraphs as
select *, '' as batch_id, '' as row_key
from published.paragraphs
with no data;

create table staging.figures as
select * exclude (version), '' as batch_id, '' as row_key
from published.figures
with no data;

create table staging.links as
select *, '' as batch_id, '' as row_key
from published.links
with no data;

create table staging.media as
select *, '' as batch_id, '' as row_key
from published.media
with no data;

create table staging.tags as
select *, '' as batch_id, '' as row_key
from published.tags
with no data;


-- One row per staged row and rule that refused it, with the row itself.
create table quarantine.refused_rows (
  batch_id varchar not null,
  table_name varchar not null,
  row_key varchar not null,
  rule varchar not null,
  source_id varchar not null,
  article_id varchar,
  note varchar not null,
  row_json json not null,
  quarantined_at timestamptz not null,
  primary key (batch_id, table_name, row_key, rule)
);

-- One row per pass over the sources.
create table ops.runs (
  run_id varchar primary key,
  started_at timestamptz not null,
  ended_at timestamptz
);

-- One row per run and entry that came in: where the entry ended, null while it is under way.
create table ops.entry_outcomes (
  run_id varchar not null,
  entry_id varchar not null,
  source_id varchar not null,
  outcome varchar check (outcome in ('published', 'unchanged', 'quarantined', 'rejected', 'failed')),
  reason varchar,
  ended_at timestamptz,
  primary key (run_id, entry_id)
);

-- One row per visit to a feed.
create table ops.polls (
  source_id varchar not null,
  polled_at timestamptz not null,
  outcome varchar not null,
  reason varchar,
  detail varchar,
  status integer,
  feed_url varchar not null,
  final_url varchar,
  etag varchar,
  last_modified varchar,
  body_hash varchar,
  entries_listed integer not null,
  entries_found integer not null,
  received_bytes bigint not null,
  elapsed_ms integer not null,
  failures_in_a_row integer not null,
  next_poll_at timestamptz,
  primary key (source_id, polled_at)
);

-- One row per visit to an entry's page.
create table ops.fetches (
  entry_id varchar not null,
  source_id varchar not null,
  url varchar not null,
  fetched_at timestamptz not null,
  status integer,
  final_url varchar,
  reason varchar,
  detail varchar,
  retry_at timestamptz,
  received_bytes bigint not null,
  elapsed_ms integer not null,
  capture_id varchar,
  primary key (entry_id, fetched_at)
);

-- One row per response in the archive.
create table ops.captures (
  capture_id varchar primary key,
  url varchar not null,
  captured_at timestamptz not null,
  status integer not null,
  payload_hash varchar not null,
  warc_file varchar not null,
  warc_offset bigint not null,
  warc_length bigint not null
);

-- One row per source and run that staged something.
create table ops.batches (
  batch_id varchar primary key,
  run_id varchar not null,
  source_id varchar not null,
  staged_at timestamptz not null,
  judged_at timestamptz,
  published_at timestamptz,
  articles integer not null,
  figures integer not null,
  state varchar not null check (state in ('staged', 'validated', 'rejected', 'published'))
);

-- One row per batch and expectation.
create table ops.validations (
  batch_id varchar not null,
  suite varchar not null,
  rule varchar not null,
  severity varchar not null,
  passed boolean not null,
  checked bigint not null,
  unexpected bigint not null,
  observed varchar,
  note varchar not null,
  judged_at timestamptz not null,
  primary key (batch_id, suite, rule)
);

-- One row per alert, from the moment something broke to the moment it is over.
create table ops.alerts (
  alert_id varchar primary key,
  fingerprint varchar not null,
  source_id varchar,
  severity varchar not null,
  title varchar not null,
  body varchar not null,
  opened_at timestamptz not null,
  last_seen_at timestamptz not null,
  resolved_at timestamptz
);

-- One row per message about an alert that a receiver is owed: its opening, its end.
create table ops.messages (
  message_id varchar primary key,
  alert_id varchar not null,
  moment varchar not null check (moment in ('opened', 'resolved')),
  title varchar not null,
  body varchar not null,
  severity varchar not null,
  written_at timestamptz not null,
  attempts integer not null default 0,
  sent_at timestamptz
);

-- One row per thing that happened, sent after the rows that prove it were committed.
create table ops.events (
  event_id varchar primary key,
  name varchar not null,
  occurred_at timestamptz not null,
  source_id varchar,
  payload json not null,
  sent_at timestamptz
);

-- One row per time the analysts' file was replaced; the mark tells whether it would differ now.
create table ops.releases (
  mark varchar not null,
  released_at timestamptz not null
);
