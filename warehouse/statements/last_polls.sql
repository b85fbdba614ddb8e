-- One row per source: its latest visit, in the order they were kept: clocks are set back. What was pushed is none.
from ops.polls
where reason is distinct from 'pushed'
  and ($source_ids::varchar[] is null or list_contains($source_ids::varchar[], source_id))
qualify row_number() over (partition by source_id order by rowid desc) = 1
