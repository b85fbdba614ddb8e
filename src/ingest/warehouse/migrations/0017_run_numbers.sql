-- Numbers of runs order what was done also where a clock was wrong: a poll or fetch has the number of the run that had
-- begun last.
alter table ops.runs add column number bigint;
alter table ops.polls add column run_number bigint;
alter table ops.fetches add column run_number bigint;
update ops.runs
set number = counted.number
from (
  select run_id, row_number() over (order by rowid) as number
  from ops.runs
) as counted
where runs.run_id = counted.run_id;
