-- One row per bound: pages that were read within so many seconds, and not within the next smaller bound.
select within_seconds as bound, sum(pages)::bigint as events, sum(seconds) as seconds
from ops.reading_times
group by within_seconds
