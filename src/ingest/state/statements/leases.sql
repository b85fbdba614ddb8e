-- One row per source, of some, that is leased: to which run and worker, and whether for its poll alone.
select source_id, run_id, worker, is_for_poll
from leases
where source_id in (select value from json_each(:source_ids))
  and run_id is not null
