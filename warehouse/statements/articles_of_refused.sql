-- One row per source and article that rows in quarantine were read from; a row without one may be of any of its batch.
select distinct entry.source_id, entry.article_id
from quarantine.refused_rows as refused
join raw.entries as entry
  on entry.article_id = refused.article_id
  or (refused.article_id is null and entry.batch_id = refused.batch_id)
where list_contains($refused_ids::varchar[], refused.refused_id)
  and entry.source_id = refused.source_id
order by all
