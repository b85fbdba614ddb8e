-- Deletes the postings that stand for no article any more: of removed articles not even the hashes of their words stay.
update search.state
set sorted_postings = greatest(
  0,
  sorted_postings - (select count(*) from search.postings where document not in (select document from search.documents))
);
delete from search.postings
where document not in (select document from search.documents);
