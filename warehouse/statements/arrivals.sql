-- One row per hour in which any source had something new, the last thirty.
select max(polled_at) as arrived_at
from ops.polls
where entries_found > 0
  and polled_at <= $now
group by date_trunc('hour', polled_at)
order by arrived_at desc
limit 30
