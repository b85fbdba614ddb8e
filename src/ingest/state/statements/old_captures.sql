-- One row per capture of a list.
select capture_id
from captures
where capture_id in (select value from json_each(:capture_ids))
