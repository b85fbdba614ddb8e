insert into batches (batch_id, run_id, source_id, staged_at, articles, figures, state, is_reread)
values (:batch_id, :run_id, :source_id, :staged_at, :articles, :figures, :state, :is_reread)
on conflict (batch_id) do update set articles = excluded.articles, figures = excluded.figures, copied = 0
