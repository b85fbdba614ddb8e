-- One good batch: ten articles of two paragraphs with three figures each. The variable `batch` names it.
insert into staging.articles by name
select
  'article-' || number as article_id,
  'gazette' as source_id,
  'https://gazette.example/' || number || '?from=feed' as url,
  'https://gazette.example/' || number as canonical_url,
  'Fares rise again on line ' || number as title,
  ['Ana Pérez'] as authors,
  'Fares rose 45% to $30 for 12 people, the ministry said.' as body,
  'en' as language,
  timestamptz '2026-11-20 08:00:00+00' as published_at,
  timestamptz '2026-11-20 09:00:00+00' as modified_at,
  timestamptz '2026-11-20 10:00:00+00' as first_seen_at,
  timestamptz '2026-11-20 10:00:00+00' as fetched_at,
  200 as word_count,
  'hash-' || number as content_hash,
  [] as flags,
  '1' as parser_version,
  getvariable('batch') as batch_id,
  article_id as row_key
from range(1, 11) as numbers(number);

insert into staging.article_urls by name
select article_id, canonical_url as url, 'canonical' as kind, batch_id, article_id as row_key
from staging.articles
where batch_id = getvariable('batch');

insert into staging.article_sources by name
select
  article_id, source_id, article_id as guid, first_seen_at as found_at, fetched_at as last_listed_at, batch_id,
  article_id as row_key
from staging.articles
where batch_id = getvariable('batch');

insert into staging.authors by name
select 'author-' || number as author_id, name, getvariable('batch') as batch_id, author_id as row_key
from (values (1, 'Ana Pérez'), (2, 'Óscar Núñez')) as people(number, name);

insert into staging.article_authors by name
select article_id, author_id, author_position as position, articles.batch_id, article_id || '-' || position as row_key
from staging.articles
join (values ('author-1', 1), ('author-2', 2)) as byline(author_id, author_position) on true
where batch_id = getvariable('batch');

insert into staging.paragraphs by name
select
  article_id,
  paragraph_position as position,
  'paragraph' as kind,
  'Fares' as heading,
  'Família 👨‍👩‍👧: fares rose 45% to $30 for 12 people, the ministry said.' as text,
  batch_id,
  article_id || '-' || position as row_key
from staging.articles
join (values (1), (2)) as places(paragraph_position) on true
where batch_id = getvariable('batch');

insert into staging.figures by name
select
  article_id || '-' || position || '-' || kinds.kind as figure_id,
  article_id,
  position as paragraph,
  strpos(paragraphs.text, kinds.text) - 1 as span_start,
  span_start + length(kinds.text) as span_end,
  kinds.text as text,
  kinds.value as value,
  kinds.kind as kind,
  kinds.unit as unit,
  'exact' as qualifier,
  'ministry' as attributed_to,
  paragraphs.text as sentence,
  [] as flags,
  ['number'] as rules,
  batch_id,
  figure_id as row_key
from staging.paragraphs
join (
  values ('45%', 45, 'percent', 'percent'), ('$30', 30, 'money', 'USD'), ('12', 12, 'count', 'person')
) as kinds(text, value, kind, unit) on true
where batch_id = getvariable('batch');

insert into staging.links by name
select
  article_id, 1 as position, 'related' as kind, 'https://gazette.example/fares' as url, 'Fares' as text, batch_id,
  article_id as row_key
from staging.articles
where batch_id = getvariable('batch');

insert into staging.media by name
select
  article_id, 1 as position, 'image' as kind, 'https://gazette.example/tram.jpg' as url, 'A tram' as caption, batch_id,
  article_id as row_key
from staging.articles
where batch_id = getvariable('batch');

insert into staging.tags by name
select article_id, 'transport' as tag, batch_id, article_id as row_key
from staging.articles
where batch_id = getvariable('batch');
