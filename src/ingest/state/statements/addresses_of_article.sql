-- One row per address of an article, and per entry that brought it: its id in the feed, and when it was listed.
select null as source_id, url, null as guid, null as found_at, null as last_listed_at
from article_urls
where article_id = :article_id
union all
select source_id, url, guid, found_at, last_listed_at
from entries
where article_id = :article_id
