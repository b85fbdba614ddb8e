-- One row per batch and rule that failed since a moment, newest first; of suite warehouse, which judges all that is
-- published, there is no batch.
select
  validations.batch_id,
  coalesce(batches.source_id, validations.suite) as source_id,
  coalesce(batches.staged_at, validations.judged_at) as staged_at,
  batches.state,
  validations.suite,
  validations.rule,
  validations.severity,
  validations.unexpected,
  validations.checked,
  validations.observed,
  validations.judged_at
from ops.validations as validations
left join ops.batches as batches using (batch_id)
where validations.judged_at >= $since
  and not validations.passed
  and validations.severity <> 'info'
order by validations.judged_at desc, validations.severity, validations.unexpected desc, validations.rule
limit $most
