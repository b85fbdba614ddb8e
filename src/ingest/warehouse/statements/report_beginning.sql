-- One row: the day of the first article and of the first pass.
select least(
  (select min(first_seen_at) from articles),
  (select min(started_at) from ops.runs)
)::date as first_day
