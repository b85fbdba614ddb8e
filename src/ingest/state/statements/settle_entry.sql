-- Where an entry of a published batch ended: with the article it brought.
update entry_outcomes
set outcome = :outcome, reason = :reason, ended_at = :now, copied = 0
where entry_id = :entry_id
  and outcome is null
