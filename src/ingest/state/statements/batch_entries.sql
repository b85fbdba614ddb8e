-- One row per entry of a batch, with the article that it brought.
select entry_id, article_id
from entries
where batch_id = :batch_id
