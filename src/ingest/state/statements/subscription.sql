-- One row: the subscription that is called back by a token.
select
  token, source_id, topic_url, hub_url, secret, state, reason, moved_to, asked_mode, asked_at, tries, retry_at,
  active_since, lease_ends_at, renew_at, pushes, last_push_at, refused, is_trusted, kept_word, distrusted_at, missed
from subscriptions
where token = :token
