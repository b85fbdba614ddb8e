-- One row per fingerprint: its last alert, where that is open or ended after a moment.
select
  alert_id, fingerprint, source_id, severity, title, body, opened_at, last_seen_at, told_at, reminders, returns,
  quiet_since, resolved_at
from (
  select *, row_number() over (partition by fingerprint order by opened_at desc) as place
  from alerts
  where resolved_at is null
    or resolved_at > :ended_since
) as recent
where place = 1
