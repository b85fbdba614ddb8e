-- One row per article named: which article it is a duplicate of, if of any.
select article_id, duplicate_of
from published.articles
where article_id in ({values})
