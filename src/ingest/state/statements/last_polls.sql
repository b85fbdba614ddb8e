-- One row per source: its latest poll, in the order they were recorded: clocks are set back. What was pushed is none.
select
  source_id, polled_at, outcome, reason, detail, status, feed_url, final_url, etag, last_modified, body_hash,
  entries_listed, entries_found, received_bytes, elapsed_ms, lag_seconds, failures_in_a_row, next_poll_at, capture_id
from polls
where number in (
  select max(number)
  from polls
  where reason is distinct from 'pushed'
    and (cast(:source_ids as text) is null or source_id in (select value from json_each(:source_ids)))
  group by source_id
)
