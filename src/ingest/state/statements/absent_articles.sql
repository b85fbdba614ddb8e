-- One row per published article whose page is gone, or shows less than is published.
select article_id
from articles
where is_gone
  or is_shortened
