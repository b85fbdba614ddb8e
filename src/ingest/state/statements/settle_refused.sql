-- Rows whose article was in a batch that was parsed again: accepted ones that it did not hold back are public now, the
-- others were retried.
update quarantine
set retried_at = :now, accepted_at = tried.accepted_at, accepted_why = tried.why, copied = 0
from (
  select refused.batch_id, refused.table_name, refused.row_key, refused.rule, accepted.accepted_at, accepted.why
  from quarantine as refused
  left join accepted_rows as accepted
    on accepted.table_name = refused.table_name
    and accepted.row_key = refused.row_key
    and not exists (
      select 1
      from quarantine as held
      where held.batch_id = :batch_id
        and held.table_name = refused.table_name
        and held.row_key = refused.row_key
        and held.accepted_at is null
    )
  where refused.refused_id in (select value from json_each(:refused_ids))
    and (refused.article_id is null or refused.article_id in (select value from json_each(:article_ids)))
) as tried
where tried.batch_id = quarantine.batch_id
  and tried.table_name = quarantine.table_name
  and tried.row_key = quarantine.row_key
  and tried.rule = quarantine.rule
