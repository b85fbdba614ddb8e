-- One row per row that a person accepted, for suites, which may let it pass; renewed from the state before validation.
create table staging.accepted_rows (
  table_name varchar not null,
  row_key varchar not null
);

-- What waits for validation and publication, in memory: loaded from the parts that the state keeps, and deleted once it is
-- published. One row per row that an article of a batch is to have; `row_key` identifies it in its batch. Nothing is
-- declared of the columns: the suites say what may be published.

create table staging.articles (
  article_id varchar,
  source_id varchar,
  url varchar,
  canonical_url varchar,
  title varchar,
  authors varchar[],
  summary varchar,
  body varchar,
  language varchar,
  section varchar,
  published_at timestamptz,
  modified_at timestamptz,
  published_raw varchar,
  first_seen_at timestamptz,
  fetched_at timestamptz,
  word_count integer,
  content_hash varchar,
  flags varchar[],
  parser_version varchar,
  capture_id varchar,
  batch_id varchar,
  row_key varchar
);

create table staging.article_urls (
  article_id varchar,
  url varchar,
  kind varchar,
  batch_id varchar,
  row_key varchar
);

create table staging.article_sources (
  article_id varchar,
  source_id varchar,
  guid varchar,
  found_at timestamptz,
  last_listed_at timestamptz,
  batch_id varchar,
  row_key varchar
);

create table staging.authors (
  author_id varchar,
  name varchar,
  batch_id varchar,
  row_key varchar
);

create table staging.article_authors (
  article_id varchar,
  author_id varchar,
  position integer,
  batch_id varchar,
  row_key varchar
);

create table staging.paragraphs (
  article_id varchar,
  position integer,
  kind varchar,
  heading varchar,
  text varchar,
  batch_id varchar,
  row_key varchar
);

create table staging.figures (
  figure_id varchar,
  article_id varchar,
  paragraph integer,
  span_start integer,
  span_end integer,
  text varchar,
  value decimal(38, 6),
  value_high decimal(38, 6),
  kind varchar,
  unit varchar,
  canonical_unit varchar,
  qualifier varchar,
  subject varchar,
  attributed_to varchar,
  originator varchar,
  relayed_by varchar,
  sentence varchar,
  flags varchar[],
  rules varchar[],
  batch_id varchar,
  row_key varchar
);

create table staging.links (
  article_id varchar,
  position integer,
  kind varchar,
  url varchar,
  text varchar,
  batch_id varchar,
  row_key varchar
);

create table staging.media (
  article_id varchar,
  position integer,
  kind varchar,
  url varchar,
  caption varchar,
  credit varchar,
  batch_id varchar,
  row_key varchar
);

create table staging.tags (
  article_id varchar,
  tag varchar,
  batch_id varchar,
  row_key varchar
);
