-- One row per rule that some batches broke, what rejected them first.
select batch_id, suite || '.' || rule as rule, severity, unexpected, checked, observed, note
from validations
where batch_id in (select value from json_each(:batch_ids))
  and not passed
order by severity, rule
