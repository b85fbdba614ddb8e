-- One row per article named that does not point at one original, or at none.
select article_id
from published.articles
where article_id in ({values})
  and duplicate_of is distinct from $original_id
