-- Articles whose rows the analysts' file does not have yet, and what that file was when we made it: a release changes
-- those alone, where the file is still the one that we left.
create table ops.unreleased (
  article_id varchar not null
);
alter table ops.releases add column file_mark varchar;
