-- One row per message still owed.
select message_id, alert_id, moment, title, body, severity
from ops.messages
where sent_at is null
order by written_at, message_id
