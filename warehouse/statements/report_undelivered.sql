-- One row per receiver that messages did not reach: how many, since when, and why not.
select
  receiver,
  count(*) as messages,
  sum(attempts)::bigint as attempts,
  min(written_at) as since,
  max_by(reason, begun_at) as reason
from ops.deliveries as delivery
join ops.messages as message using (message_id)
where delivery.sent_at is null
  and message.sent_at is null
  and delivery.reason is not null
group by receiver
order by receiver
