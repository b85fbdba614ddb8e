-- A figure never outlives its paragraph.
insert into quarantine.refused_rows (
  batch_id, table_name, row_key, rule, source_id, article_id, note, row_json, quarantined_at
)
select
  figure.batch_id, 'figures', figure.row_key, 'paragraph_refused', $source_id, figure.article_id,
  'The paragraph it stands in was refused.', to_json(figure), $now
from staging.figures as figure
join staging.paragraphs as paragraph
  on paragraph.batch_id = figure.batch_id
  and paragraph.article_id = figure.article_id
  and paragraph.position = figure.paragraph
join quarantine.refused_rows as refused
  on refused.batch_id = paragraph.batch_id
  and refused.table_name = 'paragraphs'
  and refused.row_key = paragraph.row_key
where figure.batch_id = $batch_id
on conflict do nothing
