delete from pings
where source_id = :source_id
  and received_at <= :until
