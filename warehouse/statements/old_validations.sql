-- One row per rule that held before a moment, for a batch that was not stopped; and per rule of an earlier judgement of
-- the warehouse as a whole.
select rowid
from ops.validations
where judged_at < $before
  and (
    (suite <> 'warehouse' and passed and batch_id not in (select batch_id from ops.batches where state = 'rejected'))
    or (suite = 'warehouse' and judged_at < (select max(judged_at) from ops.validations where suite = 'warehouse'))
  )
