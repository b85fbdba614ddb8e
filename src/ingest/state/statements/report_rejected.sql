-- One row per rule that rejected one of these batches.
select
  batch.source_id, batch.batch_id, batch.articles, batch.figures,
  validation.suite || '.' || validation.rule as rule,
  validation.unexpected, validation.checked, validation.observed, validation.note
from batches as batch
join validations as validation on validation.batch_id = batch.batch_id
where batch.batch_id in (select value from json_each(:batch_ids))
  and batch.state = 'rejected'
  and not validation.passed
  and validation.severity = 'critical'
order by batch.source_id, rule
