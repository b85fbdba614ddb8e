-- One row, the push's, unless it has come before.
insert into pushes (delivery_id, token, source_id, topic_url, content_type, body, bytes, received_at)
values (:delivery_id, :token, :source_id, :topic_url, :content_type, :body, :bytes, :received_at)
on conflict (delivery_id) do nothing
returning delivery_id
