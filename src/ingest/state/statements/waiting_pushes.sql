-- One row per push that no run has processed: those tried least often first, of these the earliest received.
select delivery_id, token, source_id, topic_url, content_type, body, received_at, attempts
from pushes
where taken_at is null
order by attempts, received_at, number
limit :most
