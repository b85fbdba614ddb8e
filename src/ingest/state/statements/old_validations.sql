-- One row per expectation that was met before a moment, of a batch that was not rejected; and per expectation of an earlier
-- validation of the warehouse as a whole.
select batch_id, suite, rule
from validations
where judged_at < :before
  and (
    (
      suite <> 'warehouse'
      and passed
      and batch_id not in (select batch_id from batches where state = 'rejected')
    )
    or (
      suite = 'warehouse'
      and judged_at < (select max(judged_at) from validations where suite = 'warehouse')
    )
  )
