-- Deletes all rows of the article in the temporary table `removed_article`, and the authors who have signed no other.
create or replace temp table removed_authors as
select distinct author_id
from published.article_authors
where article_id in (from removed_article);

insert into ops.unreleased
select article_id
from published.articles
where article_id in (from removed_article);

delete from published.tags where article_id in (from removed_article);
delete from published.media where article_id in (from removed_article);
delete from published.links where article_id in (from removed_article);
delete from published.figure_changes where article_id in (from removed_article);
delete from published.figures where article_id in (from removed_article);
delete from published.paragraphs where article_id in (from removed_article);
delete from published.article_authors where article_id in (from removed_article);
delete from published.article_sources where article_id in (from removed_article);
delete from published.article_urls where article_id in (from removed_article);
delete from published.article_versions where article_id in (from removed_article);
delete from published.articles where article_id in (from removed_article);

delete from published.authors
where author_id in (from removed_authors)
  and author_id not in (select author_id from published.article_authors);

delete from ops.copies where article_id in (from removed_article);
delete from ops.quarantine where article_id in (from removed_article);
