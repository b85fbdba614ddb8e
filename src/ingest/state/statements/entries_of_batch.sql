-- One row per entry of a batch that brought an article, as its feed listed it.
select article_id, title, url, published_at
from entries
where batch_id = :batch_id
  and article_id is not null
order by entry_id
