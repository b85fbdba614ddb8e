-- One row per source and article that rows in quarantine were parsed from; an author is one of all articles of its batch.
select refused.source_id, entry.article_id
from quarantine as refused
join entries as entry
  on entry.article_id = refused.article_id
  and entry.source_id = refused.source_id
where refused.refused_id in (select value from json_each(:refused_ids))
union
select refused.source_id, entry.article_id
from quarantine as refused
join entries as entry
  on entry.batch_id = refused.batch_id
  and entry.source_id = refused.source_id
where refused.refused_id in (select value from json_each(:refused_ids))
  and refused.article_id is null
  and entry.article_id is not null
order by 1, 2
