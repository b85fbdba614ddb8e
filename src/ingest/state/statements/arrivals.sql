-- One row per hour in which any source had something new, the last thirty.
select max(polled_at) as arrived_at
from polls
where entries_found > 0
  and polled_at <= :now
group by polled_at / 3600000000
order by arrived_at desc
limit 30
