-- The articles those entries have brought.
update published.article_sources
set last_listed_at = $now
from raw.entries as entry
where list_contains($entry_ids, entry.entry_id)
  and published.article_sources.article_id = entry.article_id
  and published.article_sources.source_id = entry.source_id
