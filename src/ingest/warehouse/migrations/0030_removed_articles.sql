-- Articles that were taken down, copied from the state for analysts.
create table ops.removed_articles (
  article_id varchar primary key,
  source_id varchar not null,
  url varchar not null,
  why varchar not null,
  removed_at timestamptz not null,
  erased_at timestamptz
);
