-- One row per day of publication that has rows of a table: how many, and a number that changes with any value in them.
select
  d.day,
  count(*) as rows,
  sum(hash({columns})::hugeint)::varchar as fingerprint
from {table} as t
{days}
where ($first::date is null or d.day >= $first::date)
  and ($last::date is null or d.day <= $last::date)
group by d.day
order by d.day nulls last
