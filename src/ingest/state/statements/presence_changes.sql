-- One row per article of which the warehouse has yet to learn whether its page is gone or shortened.
select article.article_id, article.is_gone, article.is_shortened
from presence_changes as change
join articles as article on article.article_id = change.article_id
