-- One row per state of entries that are under way: found, fetched or staged.
select state, count(*) as entries
from entries
where state <> 'ended'
group by state
