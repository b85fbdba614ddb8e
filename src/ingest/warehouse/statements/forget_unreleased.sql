delete from ops.unreleased
