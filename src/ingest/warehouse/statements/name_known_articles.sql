-- Adds to `known_articles` those of the articles named that are public.
insert into known_articles
select article_id, content_hash, capture_id, version, flags, fetched_at, first_seen_at, source_id, parser_version,
  body
from published.articles
where article_id in ({values})
