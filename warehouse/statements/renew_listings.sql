-- Articles that feeds go on listing, though nothing about them has changed. A day before the last release is long enough
-- for whatever was under way then.
update article_sources
set last_listed_at = listed.last_listed_at
from {home}.published.article_sources as listed
where article_sources.article_id = listed.article_id
  and article_sources.source_id = listed.source_id
  and article_sources.last_listed_at <> listed.last_listed_at
  and listed.last_listed_at >= (
    select max(released_at) - interval 1 day
    from {home}.ops.releases
    where file_mark is not null -- put in place
  )
