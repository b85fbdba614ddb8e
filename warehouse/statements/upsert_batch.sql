merge into ops.batches
using (
  select
    $batch_id as batch_id, $run_id as run_id, $source_id as source_id, $staged_at::timestamptz as staged_at,
    $articles as articles, $figures as figures, 'staged' as state
) as fresh using (batch_id)
when matched then update set articles = fresh.articles, figures = fresh.figures
when not matched then insert by name
