-- What was read again and not approved leaves no trace; unstage.sql has let go of what was staged of it.
delete from ops.batches where batch_id in (select batch_id from unstaged)
