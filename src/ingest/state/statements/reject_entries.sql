-- The entries of a batch that was rejected.
update entry_outcomes
set outcome = 'rejected', reason = :reason, ended_at = :now, copied = 0
where outcome is null
  and entry_id in (select entry_id from entries where batch_id = :batch_id)
