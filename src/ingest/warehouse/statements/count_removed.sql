-- How many of the articles that changed are no longer there.
select
  (select count(distinct article_id) from ops.unreleased)
  - (select count(*) from articles where article_id in (from ops.unreleased)) as removed;
