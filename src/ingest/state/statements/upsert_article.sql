insert into articles (
  article_id, source_id, content_hash, capture_id, fetched_at, first_seen_at, is_from_feed, is_gone, is_shortened
)
values (
  :article_id, :source_id, :content_hash, :capture_id, :fetched_at, :first_seen_at, :is_from_feed, :is_gone, :is_shortened
)
on conflict (article_id) do update set
  source_id = excluded.source_id, content_hash = excluded.content_hash, capture_id = excluded.capture_id,
  fetched_at = excluded.fetched_at, first_seen_at = excluded.first_seen_at, is_from_feed = excluded.is_from_feed,
  is_gone = excluded.is_gone, is_shortened = excluded.is_shortened
