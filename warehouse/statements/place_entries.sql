-- Entries whose story is in a batch.
update raw.entries
set state = 'staged', batch_id = $batch_id, article_id = placed.article_id
from (
  select unnest($placed::struct(entry_id varchar, article_id varchar)[], max_depth := 2)
) as placed
where raw.entries.entry_id = placed.entry_id
