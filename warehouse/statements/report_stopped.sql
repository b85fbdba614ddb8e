-- One row per rule that stopped a batch of a run.
select
  batches.source_id, batches.batch_id, batches.articles, batches.figures,
  validations.suite || '.' || validations.rule as rule,
  validations.unexpected, validations.checked, validations.observed, validations.note
from ops.batches as batches
join ops.validations as validations using (batch_id)
where batches.run_id = $run_id
  and batches.state = 'rejected'
  and not validations.passed
  and validations.severity = 'critical'
order by batches.source_id, rule
