-- The rows of a part of a table that are to be released.
create or replace table parting.part as
from {source}
where {part}
