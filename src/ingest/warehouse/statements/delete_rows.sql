-- Rows that have one of some keys go.
delete from {table}
where ({key}) in (
  select ({key})
  from (
    select {rows}
  ) as fresh
)
