-- One row per figure of the articles that were seen last, with its sentence and where in it the figure stands.
with newest as (
  select article_id, source_id, title, url, published_at, first_seen_at
  from articles
  where duplicate_of is null
  order by first_seen_at desc, article_id
  limit $most
)
select
  f.figure_id, f.text, f.value, f.value_high, f.kind, f.unit, f.qualifier, f.subject, f.attributed_to, f.sentence,
  f.flags, f.span_start - (strpos(p.text, f.sentence) - 1) as sentence_start,
  n.title, n.url, n.published_at, n.first_seen_at, s.name as source
from newest as n
join figures as f using (article_id)
join paragraphs as p on p.article_id = f.article_id and p.position = f.paragraph
join sources as s using (source_id)
order by n.first_seen_at desc, n.article_id, f.paragraph, f.span_start, f.figure_id
limit $most
