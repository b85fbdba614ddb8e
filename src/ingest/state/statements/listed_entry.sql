-- One row, or none: an entry that brought an article, as its feed listed it.
select article_id, guid, url, title, summary, published_raw, tags
from entries
where article_id = :article_id
order by entry_id
limit 1
