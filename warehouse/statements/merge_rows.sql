-- Rows that are not there yet come in, the first of those with one key; of the others, some columns change, or none.
merge into {table}
using (
  select distinct on ({key}) *
  from (
    select {rows}
  )
) as fresh using ({key})
when matched then {changes}
when not matched then insert ({columns}) values ({values})
