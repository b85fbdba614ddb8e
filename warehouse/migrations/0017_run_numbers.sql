-- Runs are counted, and a visit notes how many had begun: what was done since a run began is told by that. A clock that was
-- ahead once dates visits after all that follow.
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
