-- Reads the words of the articles with the numbers from {first} to {last}, and puts where they stand into {target}.
create or replace table parting.indexed as
from parting.unindexed
where document between {first} and {last};

create or replace table parting.texts as
select document, stemmed_as, position, search.words_of(text) as words
from (
  select indexed.document, indexed.stemmed_as, 0 as position, articles.title as text
  from parting.indexed as indexed
  join articles using (article_id)
  union all
  select indexed.document, indexed.stemmed_as, paragraphs.position, paragraphs.text
  from parting.indexed as indexed
  join paragraphs using (article_id)
);

create or replace table parting.tokens as
select document, stemmed_as, position, unnest(words) as word, len(words) as words
from parting.texts;

create or replace table parting.stems as
select tokens.stemmed_as, tokens.word, search.term_of(tokens.word, tokens.stemmed_as) as term
from (
  select distinct stemmed_as, word
  from parting.tokens
) as tokens
anti join search.stop_words as stop_words on stop_words.language = tokens.stemmed_as and stop_words.word = tokens.word;

insert into {target}
select stems.term, tokens.document, tokens.position, count(*)::integer, any_value(tokens.words)::integer
from parting.tokens as tokens
join parting.stems as stems using (stemmed_as, word)
group by stems.term, tokens.document, tokens.position
order by stems.term, tokens.document, tokens.position;

insert into search.documents
select indexed.document, indexed.article_id, indexed.language, indexed.stemmed_as, count(*), sum(len(texts.words))
from parting.indexed as indexed
join parting.texts as texts using (document)
group by indexed.document, indexed.article_id, indexed.language, indexed.stemmed_as;

update search.state
set last_document = {last};
