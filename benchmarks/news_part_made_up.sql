-- The articles of news_made_up.sql whose key begins with the digit `part`, with all that belongs to them: the file is in
-- the order of its keys, as one that is released.

create or replace temp table chosen as
select
  number, article_key(number) as article_id, language_of(number) as language, source_of(number) as source_id,
  moment_of(number) as moment, 'https://news.example/' || number as url
from range(getvariable('made_up')::bigint) as numbers (number)
where article_id[1] = getvariable('part');

create or replace temp table texts as
select
  number, article_id, position,
  one.sentence || ' ' || other.sentence || ' ' || spelled((hash(number, position, 'name') % 160000)::bigint) || spelled((hash(position, number) % 40)::bigint) as text
from (
  select *, hash(number, position, 1) % getvariable('sentences') as first, hash(number, position, 2) % getvariable('sentences') as second
  from (select *, unnest(range(1, 7))::integer as position from chosen)
) as wanted
join sentences as one on one.language = wanted.language and one.place = wanted.first
join sentences as other on other.language = wanted.language and other.place = wanted.second;

insert into articles by name
select
  article_id, source_id, url, url as canonical_url,
  one.sentence[:60] as title, ['Author'] as authors, one.sentence as summary, body, chosen.language,
  ['World', 'Business', 'Health', 'Sport'][1 + number % 4] as section, moment as published_at, moment::varchar as published_raw,
  moment + interval 20 minutes as first_seen_at, first_seen_at as fetched_at, 250 as word_count,
  if(number % 20 = 0, 2, 1) as version, md5(body) as content_hash,
  if(chance(number, 'copy') < 0.08, article_key(greatest(number - 1 - number % 50, 0)), null) as duplicate_of,
  if(number % 3 = 0, ['zone_assumed'], []) as flags, '1' as parser_version, md5('capture' || number) as capture_id
from chosen
join (select number, string_agg(text, e'\n\n' order by position) as body from texts group by number) using (number)
join sentences as one on one.language = chosen.language and one.place = hash(number, 'title') % getvariable('sentences');

insert into article_versions by name
select article_id, version, title, body, content_hash, fetched_at as seen_at, capture_id
from articles
where article_id[1] = getvariable('part');

insert into article_versions by name
select article_id, 1 as version, title, body[20:] as body, md5(body) as content_hash, seen_at - interval 3 hours as seen_at, capture_id
from article_versions
where version = 2 and article_id[1] = getvariable('part');

insert into article_urls by name
select article_id, url, unnest(['listed', 'final', 'canonical']) as kind
from chosen;

insert into article_sources by name
select article_id, source_id, number::varchar as guid, moment as found_at, moment as last_listed_at
from chosen;

insert into article_authors by name
select article_id, md5('author' || ranked(number, 'author', 3000)) as author_id, 1 as position
from chosen;

insert into paragraphs by name
select article_id, position, 'paragraph' as kind, text
from texts;

insert into figures by name
select
  article_id[:16] || md5(number || '/' || place)[:16] as figure_id, article_id, if(number % 20 = 0, 2, 1) as version,
  1 + place % 6 as paragraph, 0 as span_start, 10 as span_end,
  (10 + chance(number, place) * if(place in (1, 6), 90, 5000000))::decimal(38, 6) as value, value::bigint::varchar as text,
  if(place = 3 and number % 5 = 0, value * 2, null) as value_high,
  ['money', 'percent', 'count', 'money', 'count', 'duration', 'percent', 'count'][1 + place] as kind,
  case kind
    when 'money' then ['USD', 'USD', 'MXN', 'USD', 'EUR', 'COP', 'BBD', 'ARS', 'PAB'][1 + (hash(number, place, 'unit') % 9)::bigint]
    when 'percent' then 'percent' when 'duration' then ['year', 'month', 'day'][1 + number % 3]
    else ['person', 'visitante', 'death', 'home', 'school'][1 + (hash(number, place, 'unit') % 5)::bigint] end as unit,
  ['exact', 'exact', 'exact', 'exact', 'approximate', 'more_than', 'at_least', 'at_most', 'less_than'][1 + (hash(number, place, 'how') % 9)::bigint] as qualifier,
  if(chance(number, place) < 0.6, subject_of(number * 8 + place), null) as subject,
  if(hash(number, place, 'said') % 10 < 4, 'ministry of ' || spelled(ranked(number * 8 + place, 'said', 5000)), null) as attributed_to,
  'The ministry said that ' || text || ' of them had come to ' || spelled((hash(number, place) % (100000))::bigint) || ' by then.' as sentence,
  if(hash(number, place) % 500 = 0, ['improbable_percent'], []) as flags, ['number'] as rules
from chosen, range(8) as places (place);

insert into figure_changes by name
select
  article_id, 1 as from_version, 2 as to_version, 1 as position, ['changed', 'added', 'dropped'][1 + number % 3] as change,
  'money' as kind, 'USD' as unit, subject_of(number) as subject, if(change <> 'added', '$12 million', null) as before,
  if(change <> 'added', 12000000, null) as before_value, if(change <> 'dropped', '$21 million', null) as after,
  if(change <> 'dropped', 21000000, null) as after_value, moment + interval 3 hours as seen_at
from chosen
where number % 20 = 0;

insert into links by name
select
  article_id, place + 1 as position, ['source', 'related', 'source'][1 + place] as kind, 'https://other.example/' || place as url,
  'Agency ' || spelled(ranked(number * 3 + place, 'agency', 1000)) as text
from chosen, range(3) as places (place);

insert into media by name
select article_id, 1 as position, 'image' as kind, url || '.jpg' as url, 'A picture' as caption
from chosen;

insert into tags by name
select distinct article_id, spelled(ranked(number * 2 + place, 'tag', 5000)) as tag
from chosen, range(2) as places (place);

insert into ops.captures by name
select
  md5('capture' || number) as capture_id, url, moment as captured_at, 200 as status, md5(url) as payload_hash,
  'news-' || number // 10000 || '.warc.gz' as warc_file, number % 10000 * 20000 as warc_offset, 20000 as warc_length
from chosen;

insert into ops.entry_outcomes by name
select
  'run-' || number // 500 as run_id, md5('entry' || number) as entry_id, source_id, 'published' as outcome,
  'new_article' as reason, moment as ended_at
from chosen;

insert into ops.fetches by name
select
  md5('entry' || number) as entry_id, source_id, url, moment as fetched_at, 200 as status, url as final_url,
  20000 as received_bytes, 300 as elapsed_ms, md5('capture' || number) as capture_id
from chosen;

insert into ops.polls by name
select
  source_id, moment as polled_at, if(number % 50 = 0, 'failed', 'served') as outcome, if(number % 50 = 0, 'timeout', null) as reason,
  'https://news.example/feed' as feed_url, 20 as entries_listed, 1 as entries_found, 30000 as received_bytes, 200 as elapsed_ms,
  0 as failures_in_a_row
from chosen;

insert into ops.batches by name
select
  md5('batch' || number) as batch_id, 'run-' || number // 500 as run_id, source_id, moment as staged_at, moment as judged_at,
  moment as published_at, 12 as articles, 96 as figures, if(number % 1000 = 0, 'rejected', 'published') as state, false as is_reread
from chosen
where number % 10 = 0;

insert into ops.quarantine by name
select
  md5('batch' || number) as batch_id, 'figures' as table_name, md5('row' || number) as row_key, 'percent_bounds' as rule, source_id,
  article_id, 'A share above a hundred.' as note, '{}' as row_json, moment as quarantined_at, md5('refused' || number) as refused_id
from chosen
where number % 60 = 0;
