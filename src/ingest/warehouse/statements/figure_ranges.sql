-- One row per kind and unit with enough published figures up to a day: how many, and where all but a thousandth at each
-- end lie.
select
  kind,
  unit,
  count(*) as figures,
  quantile_disc(value, 0.001) as low,
  quantile_disc(coalesce(value_high, value), 0.999) as high
from figures
join articles using (article_id)
where unit is not null
  and first_seen_at::date <= $last_day::date
group by kind, unit
having count(*) >= $at_least
order by kind, unit
