update pushes
set attempts = attempts + :attempts
where delivery_id = :delivery_id
