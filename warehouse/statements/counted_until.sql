-- One row: the moment from which on rows are yet to be counted for good.
select coalesce(max(counted_until), timestamptz '2000-01-01 00:00:00+00') as since
from ops.counted_until
