-- One row: when history was last deleted; null where it never was.
select max(pruned_at) as pruned_at
from prunings
