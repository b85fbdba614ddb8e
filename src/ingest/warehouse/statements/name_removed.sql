-- One row: an article that is removed.
create or replace temp table removed_article as
select $article_id as article_id
