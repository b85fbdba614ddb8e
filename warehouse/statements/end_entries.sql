-- Where entries ended in the run that has them under way.
update ops.entry_outcomes
set
  outcome = ended.outcome, reason = ended.reason, error_kind = ended.error_kind, detail = ended.detail,
  ended_at = $now
from (
  select unnest(
    $ended::struct(entry_id varchar, outcome varchar, reason varchar, error_kind varchar, detail varchar)[],
    max_depth := 2
  )
) as ended
where ops.entry_outcomes.entry_id = ended.entry_id
  and ops.entry_outcomes.outcome is null
