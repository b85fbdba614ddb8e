merge into ops.runs
using (
  select
    $run_id as run_id, $now::timestamptz as started_at, 1 + (select coalesce(max(number), 0) from ops.runs) as number
) as begun using (run_id)
when not matched then insert by name
