-- One row per capture of which a row is in quarantine, and nobody accepted it.
select distinct capture_id
from quarantine.refused_rows
where accepted_at is null
  and capture_id is not null
