-- A message is sent once everyone who is to get it has it.
update messages
set sent_at = :now
where sent_at is null
  and cast(:receivers_count as bigint) = (
    select count(*)
    from deliveries as delivery
    where delivery.message_id = messages.message_id
      and delivery.receiver in (select value from json_each(:receivers))
      and delivery.sent_at is not null
  )
