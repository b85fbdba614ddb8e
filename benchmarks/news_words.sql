-- Words that come as often as those of real texts do (Zipf's law): the commonest are the stop words, and one in five of
-- the others has an ending. `stop_words` names their file.

create temp macro chance(number, salt) as hash(number, salt) / 18446744073709551616.0;
create temp macro ranked(number, salt, many) as
  least(floor(exp(chance(number, salt) * ln(many)))::integer, many - 1);
create temp macro syllable(number) as
  ['ba', 'ce', 'di', 'fo', 'gu', 'la', 'me', 'ni', 'po', 'ru', 'sa', 'te', 'vi', 'lo', 'nu', 'ka', 're', 'so', 'tri', 'bra'][1 + number % 20];
create temp macro spelled(number) as
  syllable(number) || syllable(number // 20) || syllable(number // 400) || if(number < 8000, '', syllable(number // 8000));
create temp macro article_key(number) as md5('article' || number);

create temp table common as
select language, word, row_number() over (partition by language order by hash(word)) - 1 as rank
from read_csv(getvariable('stop_words'));

create temp table words as
select
  language, rank,
  coalesce(word, spelled(rank + offset_) || case hash(rank) % 5 when 0 then plural when 1 then other else '' end) as word
from (values ('en', 0, 's', 'ing'), ('es', 3, 'es', 'ado'), ('pt', 7, 's', 'ado')) as languages (language, offset_, plural, other)
cross join (select unnest(range(120000)) as rank)
left join common using (language, rank);
