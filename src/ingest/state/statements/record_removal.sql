-- An article that is removed; where it was before, nothing changes.
insert into removed_articles (article_id, source_id, url, why, removed_at)
values (:article_id, :source_id, :url, :why, :now)
on conflict (article_id) do nothing
