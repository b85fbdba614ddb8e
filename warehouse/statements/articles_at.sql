-- One row per address of a page, or stated by one, that a published article was read under: the article seen first.
select known.url, min_by(known.article_id, article.first_seen_at) as article_id
from published.article_urls as known
join published.articles as article on article.article_id = known.article_id
where known.kind <> 'listed'
  and known.url in (select unnest($addresses::varchar[]))
group by known.url
