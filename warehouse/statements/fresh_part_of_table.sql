-- The rows of a part of a table that have not been released as they are, in the order of their key's first column.
create or replace table parting.part as
from {source}
where {part}
  and hash({columns}) not in (
    select hash({columns})
    from {target}
    where {part}
  )
order by {key}
