delete from ops.prunings
