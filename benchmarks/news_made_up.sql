-- An analysts' file of `made_up` articles, eight figures each, as many as three years of 120 newsrooms would bring. Words
-- come as often as in real texts (Zipf's law), in English, in Spanish and in neither; names of people and places that
-- occur once or twice are the long tail. Texts are put together from a pool of sentences, because to draw each word of
-- a quarter of a billion would take an hour; so words that stand in one sentence come together more often than they do.

create temp table sentences as
select language, place, string_agg(word, ' ') || '.' as sentence
from (
  select language, place, ranked(place * 20 + nth, language, 120000) as rank
  from (values ('en'), ('es'), ('pt')) as languages (language)
  cross join (select unnest(range(getvariable('sentences')::bigint)) as place)
  cross join (select unnest(range(20)) as nth)
)
join words using (language, rank)
group by language, place;

create temp macro language_of(number) as
  case when chance(number, 'language') < 0.6 then 'en' when chance(number, 'language') < 0.95 then 'es' else 'pt' end;
create temp macro source_of(number) as
  case ranked(number, 'source', 120)
    when 0 then 'meridian-post' when 1 then 'la-brujula' when 2 then 'harbor-ledger' when 3 then 'el-correo-del-sur'
    else 'newsroom-' || ranked(number, 'source', 120) end;
create temp macro subject_of(number) as
  case ranked(number, 'subject', 20000)
    when 1 then 'people' when 2 then 'visitantes' when 3 then 'inflation' when 5 then 'deaths'
    else spelled(ranked(number, 'subject', 20000) + 50) end;
create temp macro moment_of(number) as
  timestamptz '2023-11-26 00:00:00+00' + to_seconds(94608000.0 * number / getvariable('made_up'));

insert into sources
select distinct
  source_of(number) as source_id, source_id as name, 'https://news.example/' as site_url, 'https://news.example/feed' as feed_url,
  'en' as language, 'PA' as country, 'UTC' as timezone
from range(100000) as numbers (number);

insert into authors
select md5('author' || number), 'Author ' || spelled(number)
from range(3000) as numbers (number);
