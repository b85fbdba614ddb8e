-- One row per row in quarantine and rule that refused it, first refused first; those settled already at wish.
select
  refused.refused_id,
  refused.source_id,
  refused.table_name,
  refused.rule as rules,
  refused.excerpt,
  refused.note as notes,
  refused.quarantined_at,
  refused.row_key,
  refused.article_id,
  refused.batch_id,
  refused.retried_at,
  refused.accepted_at,
  refused.accepted_why
from quarantine as refused
join batches as batch on batch.batch_id = refused.batch_id
where batch.state <> 'rejected'
  and (:sources = '[]' or refused.source_id in (select value from json_each(:sources)))
  and (:is_settled or (refused.retried_at is null and refused.accepted_at is null))
  and (
    cast(:rule as text) is null
    or refused.refused_id in (select refused_id from quarantine where rule = cast(:rule as text))
  )
  and (
    :beginnings = '[]'
    or exists (
      select 1
      from json_each(:beginnings)
      where substr(refused.refused_id, 1, length(value)) = value
    )
  )
order by refused.quarantined_at, refused.source_id, refused.table_name, refused.refused_id, refused.rule
