-- One row per entry of some sources that has not ended.
select entry_id
from entries
where source_id in (select value from json_each(:source_ids))
  and state <> 'ended'
