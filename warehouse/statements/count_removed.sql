-- How many of the articles that changed are no longer there.
select count(*)
from ops.unreleased
where article_id not in (select article_id from articles);
