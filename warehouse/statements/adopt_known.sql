-- Entries whose page another one brings need no visit.
update raw.entries
set state = 'ended', content_html = null, capture_id = adopted.capture_id, article_id = adopted.article_id
from adopted
where raw.entries.entry_id = adopted.entry_id
