-- What a hub sent counts before the ping of anybody else.
insert into pings (source_id, reason, first_at, received_at)
values (:source_id, :reason, :received_at, :received_at)
on conflict (source_id) do update
set received_at = excluded.received_at,
    reason = case when pings.reason = 'ping' then excluded.reason else pings.reason end
