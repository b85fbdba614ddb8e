-- Counts a publication. Of two that count from the same number, DuckLake lets one commit.
update ops.publication_head
set
  number = number + 1,
  published_at = $now
