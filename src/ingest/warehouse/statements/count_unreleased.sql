-- One row: articles that are public, and those among them that the analysts' file does not have as they are.
select
  (select count(*) from published.articles) as published,
  (select count(distinct article_id) from ops.unreleased) as unreleased
