-- One row: the moment from which on rows are yet to be counted for good; 2000-01-01 before they ever were.
select coalesce(max(counted_until_at), 946684800000000) as counted_until_at
from counted_until
