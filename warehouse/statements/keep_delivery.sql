update ops.messages
set attempts = attempts + 1, sent_at = $sent_at
where message_id = $message_id
