-- One row per source: its latest visit.
from ops.polls
qualify row_number() over (partition by source_id order by polled_at desc) = 1
