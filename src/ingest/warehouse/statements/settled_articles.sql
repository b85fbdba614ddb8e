-- One row per article of the batches that is public now as they brought it.
select
  batch_id, article_id, version, first_source_id as source_id, content_hash, capture_id, fetched_at, first_seen_at,
  list_contains(flags, 'body_from_feed') as is_from_feed,
  list_contains(flags, 'gone') as is_gone,
  list_contains(flags, 'shortened') as is_shortened
from good_articles
