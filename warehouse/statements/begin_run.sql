-- The number is above all that there were: history expires, and visits may outlive the runs that made them.
merge into ops.runs
using (
  select
    $run_id as run_id, $now::timestamptz as started_at,
    1 + greatest(
      (select coalesce(max(number), 0) from ops.runs),
      (select coalesce(max(run_number), 0) from ops.polls),
      (select coalesce(max(run_number), 0) from ops.fetches)
    ) as number
) as begun using (run_id)
when not matched then insert by name
