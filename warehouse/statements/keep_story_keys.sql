-- One row per key named and the article that has it, an article of the batches.
insert into ops.story_keys by name
select named.story_key, article_id, good_articles.first_seen_at
from (
  select unnest($story_keys::ubigint[]) as story_key, unnest($article_ids::varchar[]) as article_id
) as named
join good_articles using (article_id)
