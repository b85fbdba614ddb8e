insert into ops.runs (run_id, started_at)
values ($run_id, $now)
on conflict do nothing
