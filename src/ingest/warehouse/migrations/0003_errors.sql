-- What failed is kept with what was answered, and why an entry ended with a sentence.

alter table ops.polls add column capture_id varchar;
alter table ops.entry_outcomes add column detail varchar;
