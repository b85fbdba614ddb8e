-- One row per delivery of these bytes that was taken in since they came.
select polled_at
from polls
where source_id = :source_id
  and reason = 'pushed'
  and body_hash = :body_hash
  and polled_at >= :received_at
