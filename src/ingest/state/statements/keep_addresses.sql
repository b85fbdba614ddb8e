-- The addresses under which feeds list an article that may never have been published.
insert into article_urls (url, article_id, kind)
select distinct url, article_id, 'listed'
from entries
where article_id = :article_id
  and url is not null
on conflict (url, article_id, kind) do nothing
