-- Makes room for the counts that take the place of these.
delete from ops.counted
