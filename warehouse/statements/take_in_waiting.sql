-- Entries whose retry is due come in with this run, as the newly found have already.
insert into ops.entry_outcomes (run_id, entry_id, source_id)
select $run_id, entry_id, source_id
from raw.entries
where source_id = $source_id
  and state = 'found'
  and (retry_at is null or retry_at <= $now)
on conflict do nothing
