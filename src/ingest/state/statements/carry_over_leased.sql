-- What an earlier run left under way of sources that this one has leased comes in with it.
-- What is under way has not ended: by its entries it is looked up, without reading what else is under way in this run.
update entry_outcomes
set run_id = :run_id, copied = 0
where outcome is null
  and run_id <> :run_id
  and entry_id in (
    select entry_id
    from entries
    where source_id in (select value from json_each(:source_ids))
      and state <> 'ended'
      and state in ('found', 'fetched', 'staged')
  )
  and entry_id not in (select entry_id from entry_outcomes where run_id = :run_id)
