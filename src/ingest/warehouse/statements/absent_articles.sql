-- One row per article whose page is gone, or shows less than is published, as far as this warehouse knows.
select article_id
from published.articles
where list_has_any(flags, ['gone', 'shortened'])
