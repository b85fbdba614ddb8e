-- One row: when the warehouse was last judged as a whole, and when a batch was last published.
select
  (select max(judged_at) from ops.validations where suite = 'warehouse') as audited_at,
  (select max(published_at) from ops.batches) as published_at
