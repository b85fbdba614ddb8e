-- The entries of a batch that was stopped.
update ops.entry_outcomes
set outcome = 'rejected', reason = $reason, ended_at = $now
from raw.entries as e
where e.entry_id = ops.entry_outcomes.entry_id
  and e.batch_id = $batch_id
  and ops.entry_outcomes.outcome is null
