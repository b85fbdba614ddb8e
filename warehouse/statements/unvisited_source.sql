-- One row, unless a source was visited since the run began: by another one, then.
select $source_id as source_id
where not exists (
  from ops.polls
  where source_id = $source_id
    and reason is distinct from 'pushed'
    and run_number >= (select number from ops.runs where run_id = $run_id)
)
