-- One row per bound: how many of the published figures it covers lie beyond it, of those it was learned from and of newer
-- ones, in how many articles, and the farthest.
with bound as (
  select kind, unit, least::decimal(38, 6) as least, most::decimal(38, 6) as most
  from (
    select unnest(
      $bounds::struct(rule varchar, kind varchar, unit varchar, least varchar, most varchar, note varchar)[],
      max_depth := 2
    )
  )
),
covered as (
  select
    bound.kind, bound.unit, figures.article_id, figures.text, figures.value,
    articles.first_seen_at::date > $last_day::date as is_newer,
    figures.value < least or coalesce(figures.value_high, figures.value) > most as is_beyond
  from figures
  join bound using (kind, unit)
  join articles using (article_id)
)
select
  kind,
  unit,
  count(*) filter (not is_newer) as figures,
  count(*) filter (not is_newer and is_beyond) as fired,
  count(*) filter (is_newer) as newer_figures,
  count(*) filter (is_newer and is_beyond) as newer_fired,
  count(distinct article_id) filter (is_beyond) as articles,
  coalesce(list(text order by abs(value) desc) filter (is_beyond), [])[:3] as farthest
from covered
group by kind, unit
