-- What is published: the tables of published.duckdb, and of its copy that analysts open, news.duckdb. The comment of a
-- column names what it joins. Foreign keys are not declared, for DuckDB lets nothing that others refer to be replaced
-- in one transaction; and few keys are, for each is an index that has to fit into memory. Decisions 0047 and 0019.

create table sources (
  source_id varchar primary key,
  name varchar not null,
  site_url varchar,
  feed_url varchar not null,
  language varchar,
  country varchar,
  timezone varchar not null
);
comment on table sources is 'One row per newsroom feed we watch.';
comment on column sources.source_id is 'Key given in sources.toml, such as latin-post.';
comment on column sources.name is 'Name of the newsroom or feed.';
comment on column sources.site_url is 'Address of its site.';
comment on column sources.feed_url is 'Address of its feed, as configured.';
comment on column sources.language is 'Language it mostly writes in (ISO 639-1).';
comment on column sources.country is 'Country whose number conventions and currency it uses (ISO 3166-1 alpha-2).';
comment on column sources.timezone is 'IANA zone of its times that name none.';

create table articles (
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
comment on table articles is 'One row per article, newest version.';
comment on column articles.article_id is 'Key made from what identifies the article on its site.';
comment on column articles.source_id is 'Feed that first listed it: sources.source_id; all of them are in article_sources.';
comment on column articles.url is 'Address its page was served from, after redirects.';
comment on column articles.canonical_url is 'Address it is known by: the page''s own canonical link where it can be believed.';
comment on column articles.title is 'Headline, without the name of the site.';
comment on column articles.authors is 'Names in the order of the byline; one row each in article_authors.';
comment on column articles.summary is 'What the page or feed gives as its summary.';
comment on column articles.body is 'Headings and paragraphs parted by an empty line, without boilerplate.';
comment on column articles.language is 'Language of the text itself (ISO 639-1).';
comment on column articles.section is 'Section of the site, as the page names it.';
comment on column articles.published_at is 'When the newsroom says it was published (UTC).';
comment on column articles.modified_at is 'When the newsroom says it was last changed (UTC).';
comment on column articles.published_raw is 'The publication time as it was written.';
comment on column articles.first_seen_at is 'When we first staged it (UTC).';
comment on column articles.fetched_at is 'When the page of this version was fetched (UTC).';
comment on column articles.word_count is 'Words in the body.';
comment on column articles.version is '1 for the first text we saw, one more for each change of title or body.';
comment on column articles.content_hash is 'Hash of title and body, blind to case and spacing.';
comment on column articles.duplicate_of is 'Earliest article seen of those that print the same story in mostly the same words; null when there is none, or when this is it.';
comment on column articles.flags is 'What to know before trusting it, such as body_from_feed or zone_assumed; gone when its page went away, shortened when it shows less now.';
comment on column articles.parser_version is 'Version of the readers that made this row.';
comment on column articles.capture_id is 'Response in the archive it was read from; null when its text came from the feed.';

create table article_versions (
  article_id varchar not null,
  version integer not null,
  title varchar not null,
  body varchar not null,
  content_hash varchar not null,
  seen_at timestamptz not null,
  capture_id varchar
);
comment on table article_versions is 'One row per version of an article.';
comment on column article_versions.article_id is 'The article: articles.article_id.';
comment on column article_versions.version is 'Counts from 1.';
comment on column article_versions.title is 'Headline of this version.';
comment on column article_versions.body is 'Text of this version.';
comment on column article_versions.content_hash is 'Hash of title and body, blind to case and spacing.';
comment on column article_versions.seen_at is 'When the page of this version was fetched (UTC).';
comment on column article_versions.capture_id is 'Response in the archive it was read from.';

create table article_urls (
  article_id varchar not null,
  url varchar not null,
  kind varchar not null
);
comment on table article_urls is 'One row per address an article was found under.';
comment on column article_urls.article_id is 'The article: articles.article_id.';
comment on column article_urls.url is 'The address.';
comment on column article_urls.kind is 'listed (by a feed), final (after redirects) or canonical.';

create table article_sources (
  article_id varchar not null,
  source_id varchar not null,
  guid varchar,
  found_at timestamptz not null,
  last_listed_at timestamptz not null
);
comment on table article_sources is 'One row per article and feed that listed it.';
comment on column article_sources.article_id is 'The article: articles.article_id.';
comment on column article_sources.source_id is 'The feed: sources.source_id.';
comment on column article_sources.guid is 'Id the feed first gave it.';
comment on column article_sources.found_at is 'When the feed first listed it (UTC).';
comment on column article_sources.last_listed_at is 'When the feed last listed it as new or changed (UTC).';

create table authors (
  author_id varchar primary key,
  name varchar not null
);
comment on table authors is 'One row per name that signs articles: a person, or the desk or outlet of a page that names none (flag signed_by_no_person).';
comment on column authors.author_id is 'Key made from the name, blind to case and accents.';
comment on column authors.name is 'Name as first seen.';

create table article_authors (
  article_id varchar not null,
  author_id varchar not null,
  position integer not null
);
comment on table article_authors is 'One row per article and person, in the order of the byline.';
comment on column article_authors.article_id is 'The article: articles.article_id.';
comment on column article_authors.author_id is 'The person: authors.author_id.';
comment on column article_authors.position is 'Place in the byline, from 1.';

create table paragraphs (
  article_id varchar not null,
  position integer not null,
  kind varchar not null,
  heading varchar,
  text varchar not null
);
comment on table paragraphs is 'One row per heading, paragraph, quote or list item of an article, and per caption of its images.';
comment on column paragraphs.article_id is 'The article: articles.article_id.';
comment on column paragraphs.position is 'Place in the article, from 1.';
comment on column paragraphs.kind is 'heading, paragraph, quote, list_item; caption (behind the others, no part of the body); or boilerplate: what stands on nearly all pages of its source, is no part of the body and has no figures.';
comment on column paragraphs.heading is 'Nearest heading above it.';
comment on column paragraphs.text is 'Plain text.';

create table figures (
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
  canonical_unit varchar,
  qualifier varchar not null,
  subject varchar,
  attributed_to varchar,
  originator varchar,
  relayed_by varchar,
  sentence varchar not null,
  flags varchar[] not null,
  rules varchar[] not null
);
comment on table figures is 'One row per number an article quotes, newest version.';
comment on column figures.figure_id is 'Key made from the article, the sentence and the place in it.';
comment on column figures.article_id is 'The article: articles.article_id.';
comment on column figures.version is 'Version of the article that was read.';
comment on column figures.paragraph is 'Position of its paragraph in the article: paragraphs.position.';
comment on column figures.span_start is 'First character in the paragraph''s text, counted from 0.';
comment on column figures.span_end is 'Character after its last one.';
comment on column figures.text is 'The figure as written, with its unit, without its qualifier.';
comment on column figures.value is 'What it is worth, scale applied; the lower end of a range.';
comment on column figures.value_high is 'Upper end of a range.';
comment on column figures.kind is 'money, percent, count, duration, age, measurement or ratio.';
comment on column figures.unit is 'ISO 4217 for money; singular noun otherwise; null for plain fractions and for counts whose noun is not certain.';
comment on column figures.canonical_unit is 'The unit in English, to compare languages by: person for persona, pessoa and personne; null where its English name is not known.';
comment on column figures.qualifier is 'exact, approximate, more_than, at_least, at_most or less_than.';
comment on column figures.subject is 'What is counted or measured, as written.';
comment on column figures.attributed_to is 'Who is the source of the statement in its sentence, as written; of a neighbouring sentence where flags contain attribution_carried.';
comment on column figures.originator is 'Who said it, as written, where the sentence names the outlet that passed it on too; null elsewhere.';
comment on column figures.relayed_by is 'The outlet that passed on what originator said, as written; null where the sentence does not name both.';
comment on column figures.sentence is 'The sentence it stands in.';
comment on column figures.flags is 'Why it is improbable, such as improbable_percent, or what the text left open: currency_assumed, separator_assumed, attribution_carried.';
comment on column figures.rules is 'Names of the rules that made it.';

create table figure_changes (
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
  cause varchar
);
comment on table figure_changes is 'One row per figure that a newer version of an article, or a newer reader of the same version, changed, added or dropped.';
comment on column figure_changes.article_id is 'The article: articles.article_id.';
comment on column figure_changes.from_version is 'Version before; the same as to_version where the same text was read otherwise.';
comment on column figure_changes.to_version is 'Version after.';
comment on column figure_changes.position is 'Counts the changes of one version, from 1.';
comment on column figure_changes.change is 'changed, added or dropped.';
comment on column figure_changes.kind is 'Kind of the figure.';
comment on column figure_changes.unit is 'Unit of the figure.';
comment on column figure_changes.subject is 'What is counted or measured.';
comment on column figure_changes.before is 'As the older version wrote it.';
comment on column figure_changes.before_value is 'Its value then.';
comment on column figure_changes.after is 'As the newer version writes it.';
comment on column figure_changes.after_value is 'Its value now.';
comment on column figure_changes.seen_at is 'When the newer version was published here (UTC).';
comment on column figure_changes.cause is 'publisher where its text was changed, reader where we read the same text otherwise (no correction); null where that is not known.';

create table links (
  article_id varchar not null,
  position integer not null,
  kind varchar not null,
  url varchar,
  text varchar not null
);
comment on table links is 'One row per outgoing link of an article, and per outlet or person it leans on by name alone.';
comment on column links.article_id is 'The article: articles.article_id.';
comment on column links.position is 'Counts from 1.';
comment on column links.kind is 'inline, related (read next, read more) or source (who the story attributes what it says to).';
comment on column links.url is 'Where it points; null where a source is named without a link.';
comment on column links.text is 'What it says, or who the source is.';

create table media (
  article_id varchar not null,
  position integer not null,
  kind varchar not null,
  url varchar not null,
  caption varchar,
  credit varchar
);
comment on table media is 'One row per image or video of an article.';
comment on column media.article_id is 'The article: articles.article_id.';
comment on column media.position is 'Counts from 1; the lead image comes first.';
comment on column media.kind is 'image or video.';
comment on column media.url is 'Where it is.';
comment on column media.caption is 'What the page says it shows.';
comment on column media.credit is 'Who made it.';

create table tags (
  article_id varchar not null,
  tag varchar not null
);
comment on table tags is 'One row per article and tag.';
comment on column tags.article_id is 'The article: articles.article_id.';
comment on column tags.tag is 'The tag, as the page writes it.';
