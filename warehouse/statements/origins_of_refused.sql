-- One row per row in quarantine: the source, batch and article that it was read from; of an author there is no article.
select distinct source_id, batch_id, article_id
from quarantine.refused_rows
where list_contains($refused_ids::varchar[], refused_id)
