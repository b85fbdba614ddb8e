-- One row per kind and unit with enough published figures: how many, and where all but a thousandth at each end lie.
select
  kind,
  unit,
  count(*) as figures,
  quantile_disc(value, 0.001) as low,
  quantile_disc(coalesce(value_high, value), 0.999) as high
from figures
where unit is not null
group by kind, unit
having count(*) >= $at_least
order by kind, unit
