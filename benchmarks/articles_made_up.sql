-- One temporary view per published table: the rows of `made_up` articles that never were, of which each number is
-- told apart by `prefix`. Their keys are hashes, as ours are, and their texts all differ.

create temp macro article_key(number) as md5(getvariable('prefix') || number);
create temp macro page(number) as 'https://gazette.example/2026/11/20/' || article_key(number);
create temp macro sentence() as 'Fares rose 45% to $30 for 12 people, the ministry said.';
create temp macro noon() as timestamptz '2026-11-20 12:00:00+00';
create temp view numbers as select unnest(range(getvariable('made_up')::bigint)) as number;

create temp view articles as
select
  article_key(number) as article_id, 'gazette' as source_id, page(number) as url, url as canonical_url,
  md5('title' || article_id) || ' is back' as title, ['Ana Pérez'] as authors,
  array_to_string([md5(article_id || word)[:7] for word in range(80)], ' ') || '. ' || sentence() as body,
  'en' as language, timestamptz '2026-11-20 08:00:00+00' as published_at, noon() as first_seen_at,
  noon() as fetched_at, 90 as word_count, md5('text' || article_id) as content_hash, [] as flags,
  '1' as parser_version
from numbers;

create temp view article_urls as
select article_key(number) as article_id, page(number) as url, unnest(['listed', 'final', 'canonical']) as kind
from numbers;

create temp view article_sources as
select article_key(number) as article_id, 'gazette' as source_id, noon() as found_at, noon() as last_listed_at
from numbers;

create temp view authors as
select md5('ana') as author_id, 'Ana Pérez' as name;

create temp view article_authors as
select article_key(number) as article_id, md5('ana') as author_id, 1 as position
from numbers;

create temp view paragraphs as
select article_key(number) as article_id, unnest(range(1, 7)) as position, 'paragraph' as kind, sentence() as text
from numbers;

create temp view figures as
select
  article_key(number)[:16] || md5(article_key(number) || place)[:16] as figure_id, article_key(number) as article_id, 1 as paragraph,
  11 as span_start, 14 as span_end, '45%' as text, 45 as value, 'percent' as kind, 'percent' as unit,
  'exact' as qualifier, sentence() as sentence, [] as flags, ['number'] as rules
from numbers, range(8) as places(place);

create temp view links as
select
  article_key(number) as article_id, unnest(range(1, 4)) as position, 'inline' as kind,
  'https://gazette.example/trams' as url, 'more' as text
from numbers;

create temp view tags as
select article_key(number) as article_id, unnest(['trams', 'fares']) as tag
from numbers;
