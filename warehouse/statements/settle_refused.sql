-- Rows whose article was in a batch that was read again: accepted ones that it did not hold back are public now, the
-- others were tried again.
update quarantine.refused_rows
set retried_at = $now, accepted_at = tried.accepted_at, accepted_why = tried.why
from (
  select refused.batch_id, refused.table_name, refused.row_key, refused.rule, accepted.accepted_at, accepted.why
  from quarantine.refused_rows as refused
  left join (
    from quarantine.accepted_rows
    where (table_name, row_key) not in (
      select (table_name, row_key)
      from quarantine.refused_rows
      where batch_id = $batch_id
        and accepted_at is null
    )
  ) as accepted using (table_name, row_key)
  where list_contains($refused_ids::varchar[], refused.refused_id)
    and (refused.article_id is null or list_contains($article_ids::varchar[], refused.article_id))
) as tried
where tried.batch_id = quarantine.refused_rows.batch_id
  and tried.table_name = quarantine.refused_rows.table_name
  and tried.row_key = quarantine.refused_rows.row_key
  and tried.rule = quarantine.refused_rows.rule
