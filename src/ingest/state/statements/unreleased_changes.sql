-- One row per change that the analysts' file does not show yet.
select change_id, changed_at
from unreleased_changes
