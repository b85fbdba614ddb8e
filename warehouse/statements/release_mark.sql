-- Changes with everything that an analyst would see.
select
  (
    -- Old events are forgotten, so that their number may come again.
    select coalesce(bit_xor(hash(event_id)), 0)
    from ops.events
    where name like 'batch.%'
      or name like 'alert.%'
  ) || '/' || (
    select max(number)
    from ops.migrations
  ) || '/' || (
    -- Which articles are flagged gone or shortened; that changes without a batch.
    select coalesce(bit_xor(hash(article_id, list_contains(flags, 'gone'), list_contains(flags, 'shortened'))), 0)
    from published.articles
    where list_has_any(flags, ['gone', 'shortened'])
  ) || '/' || (
    -- Which rows in quarantine were tried again or accepted, when and why; that may come after the batch that did it.
    select coalesce(bit_xor(hash(batch_id, table_name, row_key, rule, retried_at, accepted_at, accepted_why)), 0)
    from ops.quarantine
    where retried_at is not null
      or accepted_at is not null
  ) || '/' || (
    -- Which pages are no longer kept.
    select coalesce(bit_xor(hash(capture_id)), 0)
    from ops.captures
    where removed_at is not null
  ) as mark
