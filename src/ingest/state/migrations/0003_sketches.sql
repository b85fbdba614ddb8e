-- By which numbers near-duplicates of a published article are found; null where its text is too short for so many, or
-- where very many articles have the number already.
alter table articles add column sketch_1 integer;
alter table articles add column sketch_2 integer;
alter table articles add column sketch_3 integer;
alter table articles add column sketch_4 integer;
alter table articles add column sketch_5 integer;
alter table articles add column sketch_6 integer;
alter table articles add column sketch_7 integer;
alter table articles add column sketch_8 integer;
create index articles_by_sketch_1 on articles (sketch_1);
create index articles_by_sketch_2 on articles (sketch_2);
create index articles_by_sketch_3 on articles (sketch_3);
create index articles_by_sketch_4 on articles (sketch_4);
create index articles_by_sketch_5 on articles (sketch_5);
create index articles_by_sketch_6 on articles (sketch_6);
create index articles_by_sketch_7 on articles (sketch_7);
create index articles_by_sketch_8 on articles (sketch_8);
