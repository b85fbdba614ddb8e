-- One row per alert that is not over.
select
  alert_id, fingerprint, source_id, severity, title, body, opened_at, last_seen_at, told_at, reminders, returns,
  quiet_since, resolved_at
from alerts
where resolved_at is null
order by opened_at
