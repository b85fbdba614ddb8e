-- Carries over to this run what earlier ones left under way of some entries.
update entry_outcomes
set run_id = :run_id, copied = 0
where entry_id in (select value from json_each(:entry_ids))
  and outcome is null
  and run_id <> :run_id
  and not exists (
    select 1
    from entry_outcomes as ours
    where ours.entry_id = entry_outcomes.entry_id
      and ours.run_id = :run_id
  )
