-- One row per capture whose file is no longer kept, and which nothing in the state names any more.
select capture_id
from captures
where removed_at is not null
  and capture_id not in (select capture_id from articles where capture_id is not null)
  and capture_id not in (select capture_id from entries where capture_id is not null)
  and capture_id not in (select capture_id from polls where capture_id is not null)
  and capture_id not in (select capture_id from fetches where capture_id is not null)
  and capture_id not in (select capture_id from quarantine where capture_id is not null)
