-- Numbers the articles that the index does not know yet, in the order of their keys.
create or replace temp table unindexed as
select
  articles.article_id, coalesce(articles.language, '') as language,
  if(articles.language in ('en', 'es'), articles.language, '') as stemmed_as,
  (state.last_document + row_number() over (order by articles.article_id))::integer as document
from articles
cross join search.state as state
where articles.article_id not in (select article_id from search.documents)
order by articles.article_id;

create or replace temp table lengths (
  document integer not null,
  words integer not null
);
