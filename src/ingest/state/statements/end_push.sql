update pushes
set taken_at = :now, body = null
where delivery_id = :delivery_id
