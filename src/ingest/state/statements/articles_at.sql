-- One row per address of a page, or stated by one, that a published article was read under: the article seen first.
select url, article_id
from (
  select
    known.url, known.article_id,
    row_number() over (partition by known.url order by article.first_seen_at, article.article_id) as place
  from article_urls as known
  join articles as article on article.article_id = known.article_id
  where known.kind <> 'listed'
    and known.url in (select value from json_each(:addresses))
) as found
where place = 1
