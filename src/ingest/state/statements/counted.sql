-- One row per series of metrics and bound: what was counted before the moment that counted_until.sql returns.
select series, labels, bound, events, seconds
from counted
