-- One row: what is public, and when it was last released.
select
  (select max(released_at) from ops.releases where file_mark is not null) as released_at,
  (select max_by(took_seconds, released_at) from ops.releases where file_mark is not null) as release_seconds,
  (select count(distinct article_id) from ops.unreleased) as unreleased,
  (select count(*) from published.articles) as articles,
  (select max(number) from ops.migrations) as schema_version
