-- One row per article of a source, of those whose pages were read last: its headline and its paragraphs, in no order.
with last_read as (
  select article_id, title
  from published.articles
  where source_id = $source_id
  order by fetched_at desc, article_id
  limit $articles
)
select last_read.article_id, any_value(last_read.title) as title, list(paragraphs.text) as texts
from published.paragraphs as paragraphs
join last_read using (article_id)
group by last_read.article_id
