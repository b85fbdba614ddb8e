-- One row per figure that reading again adds, drops or reads otherwise; the first of them, in reading order.
-- What would be held back is none: it is not published.
with staged as (
  select article_id
  from staging.articles
  where batch_id = $batch_id
    and row_key not in (select unnest($held_articles::varchar[]))
)
select
  case
    when before.figure_id is null then 'added'
    when now.figure_id is null then 'dropped'
    else 'changed'
  end as change,
  coalesce(now.text, before.text) as text,
  concat_ws(' ', before.value::double, before.kind, before.unit, before.subject) as before,
  concat_ws(' ', now.value::double, now.kind, now.unit, now.subject) as after,
  coalesce(now.sentence, before.sentence) as sentence
from (
  from staging.figures
  where batch_id = $batch_id
    and row_key not in (select unnest($held_figures::varchar[]))
    and article_id in (from staged)
) as now
full join (
  from published.figures
  where article_id in (from staged)
) as before using (figure_id)
where (now.value, now.value_high, now.kind, now.unit, now.qualifier, now.subject, now.attributed_to) is distinct from
  (before.value, before.value_high, before.kind, before.unit, before.qualifier, before.subject, before.attributed_to)
order by coalesce(now.article_id, before.article_id), coalesce(now.paragraph, before.paragraph),
  coalesce(now.span_start, before.span_start), figure_id
limit $limit
