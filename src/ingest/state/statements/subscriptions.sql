-- One row per subscription, in the order they were opened.
select
  token, source_id, topic_url, hub_url, secret, state, reason, moved_to, asked_mode, asked_at, tries, retry_at,
  active_since, lease_ends_at, renew_at, pushes, last_push_at, refused, is_trusted, kept_word, distrusted_at, missed
from subscriptions
order by number
