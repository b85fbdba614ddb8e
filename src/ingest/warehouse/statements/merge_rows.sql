-- Rows that are not there yet come in; of the others, some columns change.
merge into {table}
using (
  select {rows}
) as fresh using ({key})
when matched then update set {changes}
when not matched then insert ({columns}) values ({values})
