-- One row: what there is one of.
select
  (select max(ended_at) from ops.runs) as run_ended_at,
  (select count(*) from ops.runs where ended_at is null) as runs_unended,
  (select max(released_at) from ops.releases where file_mark is not null) as released_at,
  (select max_by(took_seconds, released_at) from ops.releases where file_mark is not null) as release_seconds,
  (select count(distinct article_id) from ops.unreleased) as unreleased,
  (select count(*) from published.articles) as articles,
  (select count(*) from quarantine.refused_rows where accepted_at is null and retried_at is null) as quarantined,
  (select count(*) from ops.messages where sent_at is null) as messages_owed,
  (select max(number) from ops.migrations) as schema_version
