-- One row, unless a source was polled since the run began: by another one, then.
select cast(:source_id as text) as source_id
where not exists (
  select 1
  from polls
  where source_id = :source_id
    and reason is distinct from 'pushed'
    and run_number >= (select number from runs where run_id = :run_id)
)
