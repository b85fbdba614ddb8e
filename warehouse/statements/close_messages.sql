-- A message is no longer owed once everyone who is to get it has it.
update ops.messages
set sent_at = $now
where sent_at is null
  and len($receivers::varchar[]) = (
    select count(*)
    from ops.deliveries as delivery
    where delivery.message_id = ops.messages.message_id
      and list_contains($receivers::varchar[], delivery.receiver)
      and delivery.sent_at is not null
  )
