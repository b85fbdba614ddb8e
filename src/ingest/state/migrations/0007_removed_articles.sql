-- Articles that were taken down. They are never taken in again.

-- One row per article that was removed: why, and when. erased_at is null while something of it may be left anywhere.
create table removed_articles (
  article_id text primary key,
  source_id text not null,
  url text not null,
  why text not null,
  removed_at integer not null,
  erased_at integer,
  copied integer not null default 0
);
create index removed_articles_to_copy on removed_articles (copied) where copied < 2;
