-- One row per entry that the temporary table `adopted` names.
select entry_id
from adopted
