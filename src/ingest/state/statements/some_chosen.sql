-- One row per key of some rows that another statement chooses.
select {key}
from (
{chosen}
) as chosen
limit :most
