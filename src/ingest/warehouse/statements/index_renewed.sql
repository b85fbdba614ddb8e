-- Puts the sorted postings in the place of those that were not.
comment on table search.renewed is 'One row per stem and paragraph it stands in, in the order of stems but for what came lately.';
drop table search.postings;
alter table search.renewed rename to postings;
