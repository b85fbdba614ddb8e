-- One row per poll of a source that found something new, the last thirty, newest first.
select polled_at
from polls
where source_id = :source_id
  and entries_found > 0
order by polled_at desc
limit 30
