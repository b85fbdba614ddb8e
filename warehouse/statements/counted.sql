-- One row per series and bound: what was counted before the moment that counted_until.sql gives.
select series, labels, bound, events, seconds
from ops.counted
