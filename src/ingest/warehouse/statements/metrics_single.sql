-- One row: what is public.
select
  (select count(distinct article_id) from ops.unreleased) as unreleased,
  (select count(*) from published.articles) as articles,
  (select max(number) from ops.migrations) as schema_version
