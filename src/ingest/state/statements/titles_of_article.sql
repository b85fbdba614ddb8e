-- One row per title under which a feed listed an article.
select distinct title
from entries
where article_id = :article_id
  and title <> ''
