-- One row: how many rows of a table are published within a range of its key, how many of these the analysts' file does
-- not have, and how many it has that are not published. The next release brings articles that it is known to lack.
with ours as (
  select {columns}
  from {home}.published.{table}
  where {where}
),
released as (
  select {columns}
  from released.{table}
  where {where}
)
select
  (select count(*) from ours) as published,
  (select count(*) from (from ours except all from released)) as missing,
  (select count(*) from (from released except all from ours)) as foreign_rows
