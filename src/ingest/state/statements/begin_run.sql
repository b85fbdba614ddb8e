-- The number is above all that there were: history expires, and polls and fetches may outlive the runs that made them.
insert into runs (run_id, started_at, number)
values (
  :run_id,
  :now,
  1 + (
    select max(number)
    from (
      select coalesce(max(number), 0) as number from runs
      union all select coalesce(max(run_number), 0) from polls
      union all select coalesce(max(run_number), 0) from fetches
    ) as used
  )
)
on conflict (run_id) do nothing
