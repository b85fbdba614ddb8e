-- One row per fingerprint: its last alert, where that is open or ended after a moment.
from ops.alerts
where resolved_at is null
  or resolved_at > $since
qualify row_number() over (partition by fingerprint order by opened_at desc) = 1
