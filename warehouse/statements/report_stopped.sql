-- One row per rule that rejected one of these batches.
select
  batches.source_id, batches.batch_id, batches.articles, batches.figures,
  validations.suite || '.' || validations.rule as rule,
  validations.unexpected, validations.checked, validations.observed, validations.note
from ops.batches as batches
join ops.validations as validations using (batch_id)
where list_contains($batch_ids::varchar[], batches.batch_id)
  and batches.state = 'rejected'
  and not validations.passed
  and validations.severity = 'critical'
order by batches.source_id, rule
