-- One row per response of an article's page, by what has named it and by its addresses.
select capture_id
from captures
where url in (select url from article_urls where article_id = :article_id)
union
select capture_id
from articles
where article_id = :article_id
  and capture_id is not null
union
select capture_id
from entries
where article_id = :article_id
  and capture_id is not null
union
select capture_id
from quarantine
where article_id = :article_id
  and capture_id is not null
union
select page.capture_id
from entries as entry
join fetches as page on page.entry_id = entry.entry_id
where entry.article_id = :article_id
  and page.capture_id is not null
