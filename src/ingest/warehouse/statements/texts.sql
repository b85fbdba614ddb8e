-- One row per article named: its text. The names are literal, for DuckDB looks literals up by index.
select article_id, title, body, content_hash, first_seen_at
from published.articles
where article_id in ({values})
