-- One row per row in quarantine (those named, or all that are accepted in the batch) that a batch does not publish, and
-- row that stands in its way: what it belongs to first, then itself.
select
  held.refused_id,
  barrier.refused_id as barrier_id,
  barrier.table_name,
  barrier.table_name = held.table_name as is_itself,
  string_agg(distinct barrier.rule, ', ' order by barrier.rule) as rules
from quarantine.refused_rows as held
join quarantine.refused_rows as barrier
  on barrier.batch_id = $batch_id
  and barrier.accepted_at is null
  and (
    (barrier.table_name = held.table_name and barrier.row_key = held.row_key)
    or (barrier.table_name = 'articles' and barrier.row_key = held.article_id)
    or (
      barrier.table_name = 'authors'
      and held.table_name = 'article_authors'
      and barrier.row_key = (held.row_json ->> 'author_id')
    )
    or (
      barrier.table_name = 'paragraphs'
      and held.table_name = 'figures'
      and barrier.row_key = concat_ws(':', held.article_id, (held.row_json ->> 'paragraph'))
    )
  )
where list_contains($refused_ids::varchar[], held.refused_id)
  or ($refused_ids is null and held.batch_id = $batch_id and held.accepted_at is not null)
group by held.refused_id, barrier.refused_id, barrier.table_name, is_itself
order by is_itself, barrier.table_name
