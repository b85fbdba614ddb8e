-- Reads the words of some rows of a table, and puts where they stand into {target}.
create or replace temp table chosen as
select texts.article_id, {position} as position, texts.{text} as text
from {table} as texts
where {some};

create or replace temp table texts as
select unindexed.document, unindexed.stemmed_as, chosen.position, search.words_of(chosen.text) as words
from temp.unindexed as unindexed
join temp.chosen as chosen using (article_id);

create or replace temp table tokens as
select document, stemmed_as, position, unnest(words) as word, len(words) as words
from temp.texts;

create or replace temp table stems as
select tokens.stemmed_as, tokens.word, search.term_of(tokens.word, tokens.stemmed_as) as term
from (
  select distinct stemmed_as, word
  from temp.tokens
) as tokens
anti join search.stop_words as stop_words on stop_words.language = tokens.stemmed_as and stop_words.word = tokens.word;

insert into {target}
select stems.term, tokens.document, tokens.position, count(*)::integer, any_value(tokens.words)::integer
from temp.tokens as tokens
join temp.stems as stems using (stemmed_as, word)
group by stems.term, tokens.document, tokens.position
order by stems.term, tokens.document, tokens.position;

insert into temp.lengths
select document, len(words)
from temp.texts;
