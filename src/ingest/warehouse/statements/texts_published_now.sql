-- One row per article of the batches that says something new: its text, and which version it is.
select article_id, title, body, content_hash, first_seen_at, version
from good_articles
