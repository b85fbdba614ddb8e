-- One row per article whose figures the batch changed.
select changes.article_id as article, count(*) as changes
from published.figure_changes as changes
join good_articles
  on good_articles.article_id = changes.article_id
  and good_articles.version = changes.to_version
where good_articles.is_newer
group by changes.article_id
order by changes.article_id
