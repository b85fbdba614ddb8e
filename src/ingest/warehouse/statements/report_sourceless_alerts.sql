-- One row per open alert that is about no single source.
select title, body
from ops.alerts
where resolved_at is null
  and source_id is null
order by opened_at
