-- One row per published article with its key in a range: its content, and when that was fetched.
select article_id, content_hash, fetched_at
from published.articles
where article_id >= {first}
  and ({end} is null or article_id < {end})
