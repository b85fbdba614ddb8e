-- Where the entries of a removed article ended that were under way.
update entry_outcomes
set outcome = 'unchanged', reason = 'removed', ended_at = :now, copied = 0
where outcome is null
  and entry_id in (select entry_id from entries where article_id = :article_id)
