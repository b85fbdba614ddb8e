-- One row per rule that a stopped batch broke, what stopped it first.
select suite || '.' || rule as rule, severity, unexpected, checked, observed, note
from ops.validations
where batch_id = $batch_id
  and not passed
order by severity, rule
