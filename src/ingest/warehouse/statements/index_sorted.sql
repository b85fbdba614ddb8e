-- Brings the postings of a span of stems into their order; those of older versions stay behind.
insert into {target}
select term, document, position, occurrences, words
from {source}
where term >= {first}::ubigint
  and term <= {last}::ubigint
  and document in (select document from search.documents)
order by term, document, position;
