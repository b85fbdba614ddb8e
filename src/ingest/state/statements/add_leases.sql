-- Rows of sources that no run has leased before. In order, so that of two that add the same none waits for the other; only
-- those that are not there, for one would wait for whoever has such a row locked.
insert into leases (source_id)
select value
from json_each(:source_ids)
where not exists (select 1 from leases where source_id = value)
order by value
on conflict (source_id) do nothing
