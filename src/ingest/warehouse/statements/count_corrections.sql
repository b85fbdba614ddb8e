-- One row per article whose publisher changed figures, as far as is known.
select good_articles.batch_id, changes.article_id as article, count(*) as changes
from published.figure_changes as changes
join good_articles
  on good_articles.article_id = changes.article_id
  and good_articles.version = changes.to_version
where good_articles.is_newer
  and changes.cause is distinct from 'reader'
group by good_articles.batch_id, changes.article_id
order by good_articles.batch_id, changes.article_id
