-- One row per staged figure that stands in one of some paragraphs.
select figure.row_key
from staging.figures as figure
join staging.paragraphs as paragraph
  on paragraph.batch_id = figure.batch_id
  and paragraph.article_id = figure.article_id
  and paragraph.position = figure.paragraph
where figure.batch_id = $batch_id
  and paragraph.row_key in (select unnest($paragraphs::varchar[]))
