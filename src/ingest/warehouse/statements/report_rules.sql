-- One row per rule that judged something since a moment, those that failed first, and what they found.
select
  suite,
  rule,
  severity,
  arg_max(note, judged_at) as note,
  count(*) as batches,
  count(*) filter (not passed) as failed,
  sum(checked)::bigint as checked,
  sum(unexpected)::bigint as unexpected
from ops.validations
where judged_at >= $since
group by suite, rule, severity
order by failed = 0, severity = 'info', failed desc, suite, rule
