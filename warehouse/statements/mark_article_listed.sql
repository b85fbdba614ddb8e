-- The articles those entries have brought.
update published.article_sources
set last_listed_at = $now
from raw.entries as entry
where entry.entry_id in (select unnest($entry_ids::varchar[]))
  and published.article_sources.article_id = entry.article_id
  and published.article_sources.source_id = entry.source_id
