insert into ops.batches (batch_id, run_id, source_id, staged_at, articles, figures, state, is_reread)
values ($batch_id, $run_id, $source_id, $staged_at, $articles, $figures, 'proposed', true)
on conflict do update
set articles = excluded.articles, figures = excluded.figures
