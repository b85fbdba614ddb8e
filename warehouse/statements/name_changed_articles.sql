-- Articles of which something is to be released, and those among them whose own row the file has otherwise: these go out
-- and come in again with all that belongs to them.
create table parting.changed as
select distinct article_id
from {home}.ops.unreleased;

create table parting.replaced as
select released.article_id
from (
  select article_id, hash({columns}) as row_hash
  from articles
  where article_id in (from parting.changed)
) as released
join (
  select article_id, hash({columns}) as row_hash
  from {home}.published.articles
  where article_id in (from parting.changed)
) as ours using (article_id)
where released.row_hash <> ours.row_hash;
