-- One row: when the warehouse was last validated as a whole, and when a batch was last published.
select
  (select max(judged_at) from validations where suite = 'warehouse') as audited_at,
  (select max(published_at) from batches) as published_at
