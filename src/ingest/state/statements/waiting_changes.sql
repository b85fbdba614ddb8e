-- One row: when something was last published, and since when how many batches of that wait to be released.
select
  (select max(published_at) from batches) as published_at,
  (
    select min(published_at)
    from batches
    where published_at > coalesce((select max(released_at) from releases), 0)
  ) as waits_since,
  (
    select count(*)
    from batches
    where published_at > coalesce((select max(released_at) from releases), 0)
  ) as batches
