-- Two rows, ours first: how many rows of a table are published, or in the analysts' file, within a range of its key, and
-- a sum of their hashes; equal ones are the same rows. The next release brings articles that it is known to lack.
select count(*) as found, sum(hash({columns})::hugeint) as row_sum
from {home}.published.{table}
where {where}
union all
select count(*) as found, sum(hash({columns})::hugeint) as row_sum
from released.{table}
where {where}
