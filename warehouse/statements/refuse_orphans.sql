-- A figure never outlives its paragraph.
merge into quarantine.refused_rows
using (
  select distinct
    figure.batch_id, 'figures' as table_name, figure.row_key, 'paragraph_refused' as rule, $source_id as source_id,
    figure.article_id, 'The paragraph it stands in was refused.' as note, to_json(figure) as row_json,
    $now as quarantined_at, md5(concat_ws('/', figure.batch_id, 'figures', figure.row_key)) as refused_id,
    refused.capture_id
  from staging.figures as figure
  join staging.paragraphs as paragraph
    on paragraph.batch_id = figure.batch_id
    and paragraph.article_id = figure.article_id
    and paragraph.position = figure.paragraph
  join quarantine.refused_rows as refused
    on refused.batch_id = paragraph.batch_id
    and refused.table_name = 'paragraphs'
    and refused.row_key = paragraph.row_key
    and refused.accepted_at is null
  where figure.batch_id = $batch_id
) as held using (batch_id, table_name, row_key, rule)
when not matched then insert by name
