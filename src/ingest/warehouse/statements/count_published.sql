-- One row per batch: how many articles and figures of it are public now.
with figures as (
  select article_id, count(*) as figures
  from good_figures
  group by article_id
)
select
  publishing.batch_id,
  count(good_articles.article_id) as articles,
  coalesce(sum(figures.figures), 0)::bigint as figures
from publishing
left join good_articles using (batch_id)
left join figures using (article_id)
group by publishing.batch_id
