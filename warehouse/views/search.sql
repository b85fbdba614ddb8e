-- The index of words: which word, by its stem, stands in which paragraph how often. Everything about words of one language
-- lies together, so that a question reads what matches and no more. Decision 0028.
create schema search;

create table search.documents (
  document integer not null,
  article_id varchar not null,
  language varchar not null,
  stemmed_as varchar not null,
  paragraphs integer not null,
  words integer not null
);
comment on table search.documents is 'One row per article that can be found, under the number that search.postings has for it.';
comment on column search.documents.document is 'Its number; one that is not here any more stands for an older version.';
comment on column search.documents.article_id is 'The article.';
comment on column search.documents.language is 'Its language; empty where it is not known.';
comment on column search.documents.stemmed_as is 'en or es; empty where words are taken as they are.';
comment on column search.documents.paragraphs is 'Its headline and its paragraphs, counted.';
comment on column search.documents.words is 'Words in them.';

create table search.postings (
  term ubigint not null,
  document integer not null,
  position integer not null,
  occurrences integer not null,
  words integer not null
);
comment on table search.postings is 'One row per stem and paragraph it stands in, in the order of stems but for what came lately.';
comment on column search.postings.term is 'The stem: half of a hash of its language and its letters.';
comment on column search.postings.document is 'The article''s number.';
comment on column search.postings.position is 'Place of the paragraph in the article, from 1; 0 for the headline.';
comment on column search.postings.occurrences is 'How often it stands there.';
comment on column search.postings.words is 'Words in the paragraph.';

create table search.stop_words (
  language varchar not null,
  word varchar not null
);
comment on table search.stop_words is 'One row per word that is not looked for, because nearly every text has it.';
comment on column search.stop_words.language is 'en or es.';
comment on column search.stop_words.word is 'The word, in small letters without accents.';

create table search.state (
  last_document integer not null,
  sorted_postings bigint not null
);
insert into search.state values (0, 0);
comment on table search.state is 'One row: how far the index has come.';
comment on column search.state.last_document is 'Highest number that an article was given.';
comment on column search.state.sorted_postings is 'How many of search.postings, from the first, are in the order of stems.';

create macro search.words_of(text) as
  list_filter(string_split_regex(lower(strip_accents(text)), '[^\p{L}\p{N}]+'), lambda word: word <> '');
comment on macro search.words_of is 'The words of a text, in small letters without accents.';

create macro search.term_of(word, stemmed_as) as
  md5_number_lower(
    stemmed_as || ':' || case stemmed_as when 'en' then stem(word, 'english') when 'es' then stem(word, 'spanish') else word end
  );
comment on macro search.term_of is 'What search.postings has for a word; needs the extension fts, which has the stemmers.';

create macro search.terms_of(query, lang) as table
select distinct languages.stemmed_as, search.term_of(asked.word, languages.stemmed_as) as term
from (select unnest(search.words_of(query)) as word) as asked
cross join (values ('en'), ('es'), ('')) as languages (stemmed_as)
where (lang is null or languages.stemmed_as = if(lang in ('en', 'es'), lang, ''))
  and not exists (
    from search.stop_words as stop_words
    where stop_words.language = languages.stemmed_as and stop_words.word = asked.word
  );
comment on macro table search.terms_of is 'What to look for, in each language or in one.';

create macro search.rarity(found, documents) as
  ln(1 + (documents - found + 0.5) / (found + 0.5));
comment on macro search.rarity is 'How much a word counts that so many of them have: the first half of BM25.';

create macro search.weight(occurrences, words, usual_words) as
  occurrences * 2.2 / (occurrences + 1.2 * (0.25 + 0.75 * words / usual_words));
comment on macro search.weight is 'How much a word counts in one text: the other half, with k1 = 1.2 and b = 0.75.';

-- Steps are parted, and rows looked up by what they were narrowed down to, so that DuckDB reads no text that is not shown.
create macro search_articles(query, lang := null, hits := 20) as table
with terms as materialized (
  from search.terms_of(query, lang)
),
counted as (
  select term, document, sum(occurrences) as occurrences
  from search.postings
  where term in (select term from terms)
  group by term, document
),
matched as materialized (
  select counted.term, counted.document, counted.occurrences, documents.words
  from counted
  join search.documents as documents using (document)
  where lang is null or documents.language = lang
),
weights as (
  select terms.term, search.rarity(frequent.found, languages.documents) as rarity, languages.usual_words
  from (select term, count(*) as found from matched group by term) as frequent
  join terms using (term)
  join (
    select stemmed_as, count(*) as documents, avg(words) as usual_words
    from search.documents
    group by stemmed_as
  ) as languages using (stemmed_as)
),
best as materialized (
  select
    matched.document,
    sum(weights.rarity * search.weight(matched.occurrences, matched.words, weights.usual_words)) as score
  from matched
  join weights using (term)
  group by matched.document
  order by score desc, document
  limit hits
)
select
  round(best.score, 3) as score, articles.article_id, articles.source_id, articles.language, articles.title,
  coalesce(articles.published_at, articles.first_seen_at) as effective_at, articles.url, articles.summary,
  effective_at as said_at
from best
join search.documents as documents using (document)
join articles using (article_id)
order by best.score desc, articles.article_id;
comment on macro table search_articles is 'Articles whose headline and paragraphs have these words, best first: search_articles(''canal fees''), search_articles(''tarifas'', lang := ''es'', hits := 50).';

create macro search_paragraphs(query, lang := null, hits := 20) as table
with terms as materialized (
  from search.terms_of(query, lang)
),
matched as materialized (
  select postings.term, postings.document, postings.position, postings.occurrences, postings.words
  from search.postings as postings
  join search.documents as documents using (document)
  where postings.term in (select term from terms)
    and postings.position > 0
    and (lang is null or documents.language = lang)
),
weights as (
  select terms.term, search.rarity(frequent.found, languages.paragraphs) as rarity, languages.usual_words
  from (select term, count(*) as found from matched group by term) as frequent
  join terms using (term)
  join (
    select stemmed_as, sum(paragraphs) as paragraphs, sum(words) / sum(paragraphs) as usual_words
    from search.documents
    group by stemmed_as
  ) as languages using (stemmed_as)
),
best as materialized (
  select
    matched.document, matched.position,
    sum(weights.rarity * search.weight(matched.occurrences, matched.words, weights.usual_words)) as score
  from matched
  join weights using (term)
  group by matched.document, matched.position
  order by score desc, document, position
  limit hits
),
placed as materialized (
  select best.score, documents.article_id, best.position
  from best
  join search.documents as documents using (document)
),
lying as materialized (
  select paragraphs.rowid as row_number, paragraphs.article_id, paragraphs.position
  from paragraphs
  where paragraphs.article_id in (select article_id from placed)
),
found as materialized (
  select lying.row_number, placed.score
  from lying
  join placed using (article_id, position)
)
select
  round(found.score, 3) as score, paragraphs.article_id, paragraphs.position, paragraphs.kind, paragraphs.heading,
  paragraphs.text
from paragraphs
join found on found.row_number = paragraphs.rowid
where paragraphs.rowid in (select row_number from found)
order by found.score desc, paragraphs.article_id, paragraphs.position;
comment on macro table search_paragraphs is 'Paragraphs that have these words, best first: search_paragraphs(''canal fees''), search_paragraphs(''tarifas'', lang := ''es'', hits := 50).';
