-- The rows of a table that were published on some days in a row, or on no known day, in the order of its key.
create or replace temp table export_part as
select d.day, {columns}
from {table} as t
{days}
where d.day between $first::date and $last::date
   or ($first::date is null and d.day is null)
order by d.day, {key}
