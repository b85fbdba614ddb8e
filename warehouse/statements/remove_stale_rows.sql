-- Removes the released rows of a part of a table that the pipeline's own does not hold, or no longer so.
delete from {target}
where rowid in (
  select released.row_number
  from (
    select rowid as row_number, hash({columns}) as row_hash
    from {target}
    where {part}
  ) as released
  anti join (
    select hash({columns}) as row_hash
    from {source}
    where {part}
  ) as ours using (row_hash)
)
