-- One row: the bytes of all pushes that no run has processed, and how many, of how many bytes, are of one subscription.
select
  coalesce(sum(bytes), 0) as bytes,
  coalesce(sum(case when token = :token then 1 else 0 end), 0) as pushes_of_one,
  coalesce(sum(case when token = :token then bytes else 0 end), 0) as bytes_of_one
from pushes
where taken_at is null
