-- Tables that grow with every article lose their keys, and the keys of stories their index. A batch touches such an
-- index all over, for the keys are hashes, and DuckDB holds what was touched in memory until it is put in its place:
-- the memory a batch needed grew with the warehouse. The statements never looked there, they scan a column; that rows
-- are unique is seen to by publish_batches.sql and the suites, and once more by the keys of the analysts' file.

create table published.article_versions_unkeyed (
  article_id varchar not null,
  version integer not null,
  title varchar not null,
  body varchar not null,
  content_hash varchar not null,
  seen_at timestamptz not null,
  capture_id varchar
);
insert into published.article_versions_unkeyed by name from published.article_versions;
drop table published.article_versions;
alter table published.article_versions_unkeyed rename to article_versions;

create table published.article_urls_unkeyed (
  article_id varchar not null,
  url varchar not null,
  kind varchar not null
);
insert into published.article_urls_unkeyed by name from published.article_urls;
drop table published.article_urls;
alter table published.article_urls_unkeyed rename to article_urls;

create table published.article_sources_unkeyed (
  article_id varchar not null,
  source_id varchar not null,
  guid varchar,
  found_at timestamptz not null,
  last_listed_at timestamptz not null
);
insert into published.article_sources_unkeyed by name from published.article_sources;
drop table published.article_sources;
alter table published.article_sources_unkeyed rename to article_sources;

create table published.article_authors_unkeyed (
  article_id varchar not null,
  author_id varchar not null,
  position integer not null
);
insert into published.article_authors_unkeyed by name from published.article_authors;
drop table published.article_authors;
alter table published.article_authors_unkeyed rename to article_authors;

create table published.paragraphs_unkeyed (
  article_id varchar not null,
  position integer not null,
  kind varchar not null,
  heading varchar,
  text varchar not null
);
insert into published.paragraphs_unkeyed by name from published.paragraphs;
drop table published.paragraphs;
alter table published.paragraphs_unkeyed rename to paragraphs;

create table published.figures_unkeyed (
  figure_id varchar not null,
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
insert into published.figures_unkeyed by name
select * replace (article_id[:16] || figure_id[:16] as figure_id)
from published.figures;
drop table published.figures;
alter table published.figures_unkeyed rename to figures;

create table published.figure_changes_unkeyed (
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
  seen_at timestamptz not null
);
insert into published.figure_changes_unkeyed by name from published.figure_changes;
drop table published.figure_changes;
alter table published.figure_changes_unkeyed rename to figure_changes;

create table published.links_unkeyed (
  article_id varchar not null,
  position integer not null,
  kind varchar not null,
  url varchar,
  text varchar not null
);
insert into published.links_unkeyed by name from published.links;
drop table published.links;
alter table published.links_unkeyed rename to links;

create table published.media_unkeyed (
  article_id varchar not null,
  position integer not null,
  kind varchar not null,
  url varchar not null,
  caption varchar,
  credit varchar
);
insert into published.media_unkeyed by name from published.media;
drop table published.media;
alter table published.media_unkeyed rename to media;

create table published.tags_unkeyed (
  article_id varchar not null,
  tag varchar not null
);
insert into published.tags_unkeyed by name from published.tags;
drop table published.tags;
alter table published.tags_unkeyed rename to tags;

drop index ops.story_keys_by_key;

-- Figures of one article begin alike now (see above, and keys.py), so that the analysts' file, whose keys stay, is made
-- in the order of all of them. What is staged or held back goes by the same keys.
update staging.figures
set figure_id = article_id[:16] || figure_id[:16], row_key = article_id[:16] || row_key[:16];

update quarantine.accepted_rows
set row_key = refused.article_id[:16] || accepted_rows.row_key[:16]
from (
  select distinct row_key, article_id
  from quarantine.refused_rows
  where table_name = 'figures'
) as refused
where accepted_rows.table_name = 'figures'
  and accepted_rows.row_key = refused.row_key;

update quarantine.refused_rows
set row_key = article_id[:16] || row_key[:16]
where table_name = 'figures';
