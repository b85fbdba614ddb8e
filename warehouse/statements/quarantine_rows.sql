-- One row per staged row that the rule refuses; {table}, {article_id} and {predicate} come from the suite.
merge into quarantine.refused_rows
using (
  select
    refused.batch_id,
    '{table}' as table_name,
    refused.row_key,
    $rule as rule,
    $source_id as source_id,
    refused.article_id,
    $note as note,
    refused.row_json,
    $now as quarantined_at,
    md5(concat_ws('/', refused.batch_id, '{table}', refused.row_key)) as refused_id,
    (
      select any_value(article.capture_id)
      from staging.articles as article
      where article.batch_id = refused.batch_id
        and article.article_id = refused.article_id
    ) as capture_id,
    accepted.accepted_at,
    accepted.why as accepted_why
  from (
    -- Twins share a key, by which none is published; each is kept, the second as …#2.
    select
      batch_id,
      row_key || case when twin > 1 then '#' || twin else '' end as row_key,
      article_id,
      row_json
    from (
      select
        batch_id, row_key, {article_id} as article_id, to_json(staged) as row_json,
        row_number() over (partition by row_key order by rowid) as twin
      from staging.{table} as staged
      where batch_id = $batch_id
        and ({predicate})
    )
  ) as refused
  left join quarantine.accepted_rows as accepted
    on accepted.table_name = '{table}'
    and accepted.row_key = refused.row_key
    and not $is_final
) as held using (batch_id, table_name, row_key, rule)
when not matched then insert by name
