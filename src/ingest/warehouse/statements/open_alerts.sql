-- One row per alert that is not over.
from ops.alerts
where resolved_at is null
order by opened_at
