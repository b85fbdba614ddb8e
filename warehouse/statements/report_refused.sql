-- One row per row in quarantine, with all rules that refused it; those settled already at wish.
select
  refused.refused_id,
  refused.source_id,
  refused.table_name,
  string_agg(refused.rule, ', ' order by refused.rule) as rules,
  coalesce(
    any_value(refused.row_json ->> 'sentence'), any_value(refused.row_json ->> 'title'),
    any_value(refused.row_json ->> 'text'), any_value(refused.row_json ->> 'name'),
    any_value(refused.row_json ->> 'url'), any_value(refused.row_key)
  ) as excerpt,
  string_agg(refused.note, ' ' order by refused.rule) as notes,
  min(refused.quarantined_at) as quarantined_at,
  any_value(refused.row_key) as row_key,
  any_value(refused.article_id) as article_id,
  any_value(refused.batch_id) as batch_id,
  max(refused.retried_at) as retried_at,
  max(refused.accepted_at) as accepted_at,
  any_value(refused.accepted_why) as accepted_why
from quarantine.refused_rows as refused
join ops.batches as batches using (batch_id)
where batches.state <> 'rejected'
  and (len($sources::varchar[]) = 0 or list_contains($sources::varchar[], refused.source_id))
  and ($is_settled or (refused.retried_at is null and refused.accepted_at is null))
group by refused.refused_id, refused.source_id, refused.table_name
having ($rule::varchar is null or list_contains(list(refused.rule), $rule::varchar))
  and (
    len($refused_ids::varchar[]) = 0
    or len(list_filter($refused_ids::varchar[], lambda wanted: starts_with(refused.refused_id, wanted))) > 0
  )
order by quarantined_at, refused.source_id, refused.table_name, refused.refused_id
