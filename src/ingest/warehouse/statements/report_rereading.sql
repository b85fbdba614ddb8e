-- One row: what a batch that was read again would change in what is published, some rows of it being held back.
with staged as (
  from staging.articles
  where batch_id = $batch_id
    and row_key not in (select unnest($held_articles::varchar[]))
),
figures_now as (
  from staging.figures
  where batch_id = $batch_id
    and row_key not in (select unnest($held_figures::varchar[]))
    and article_id in (select article_id from staged)
),
figures_before as (
  from published.figures
  where article_id in (select article_id from staged)
),
figures_both as (
  select
    now.figure_id is null as is_dropped,
    before.figure_id is null as is_added,
    (now.value, now.value_high, now.kind, now.unit, now.qualifier, now.subject, now.attributed_to) is distinct from
    (before.value, before.value_high, before.kind, before.unit, before.qualifier, before.subject, before.attributed_to)
      as is_different
  from figures_now as now
  full join figures_before as before using (figure_id)
)
select
  (select count(*) from staged) as articles,
  (select count(*) from staged anti join published.articles using (article_id)) as articles_added,
  (
    select count(*)
    from staged
    join published.articles as before using (article_id)
    where before.content_hash <> staged.content_hash
  ) as articles_changed,
  (select count(*) from figures_now) as figures,
  (select count(*) from figures_both where is_added) as figures_added,
  (select count(*) from figures_both where is_dropped) as figures_dropped,
  (select count(*) from figures_both where is_different and not is_added and not is_dropped) as figures_changed
