-- Changes with everything that an analyst would see.
select
  (
    select count(*)
    from ops.events
    where name like 'batch.%'
      or name like 'alert.%'
  ) || '/' || (
    select max(number)
    from ops.migrations
  ) || '/' || (
    -- Which articles are flagged gone; that changes without a batch.
    select coalesce(bit_xor(hash(article_id)), 0)
    from published.articles
    where list_contains(flags, 'gone')
  ) as mark
