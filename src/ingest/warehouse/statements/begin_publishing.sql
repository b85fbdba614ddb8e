-- One row per article of the batches that is public already, as it is; filled by name_known_articles.sql.
create or replace temp table known_articles as
select article_id, content_hash, capture_id, version, flags, fetched_at, first_seen_at, source_id, parser_version,
  body
from published.articles
limit 0;
