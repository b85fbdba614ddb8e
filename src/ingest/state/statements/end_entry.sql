-- Where an entry ended in the run that has it under way.
update entry_outcomes
set outcome = :outcome, reason = :reason, error_kind = :error_kind, detail = :detail, ended_at = :now, copied = 0
where entry_id = :entry_id
  and outcome is null
