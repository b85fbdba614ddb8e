-- One row: how many postings there are, and how many of them are in the order of stems.
select
  (select count(*) from search.postings) as postings,
  (select sorted_postings from search.state) as in_order;
