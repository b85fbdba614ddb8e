-- One row per row that a person accepted.
select table_name, row_key, why, accepted_at
from accepted_rows
