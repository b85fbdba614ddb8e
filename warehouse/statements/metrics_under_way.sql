-- One row per state of entries that are under way: found, fetched or staged.
select state, count(*) as entries
from raw.entries
where state <> 'ended'
group by state
order by state
