-- What was parsed again and not approved leaves no trace.
delete from batches
where state = 'proposed'
returning batch_id
