-- One row per entry of a source and address that it brings, or its article was found under.
select entry_id, guid is null as is_bare, article_id, capture_id, url
from entries
where source_id = :source_id
  and url in (select value from json_each(:urls))
  and (state <> 'ended' or article_id is not null)
union
select entry.entry_id, entry.guid is null, entry.article_id, entry.capture_id, known.url
from article_urls as known
join entries as entry on entry.article_id = known.article_id
where known.url in (select value from json_each(:urls))
  and entry.source_id = :source_id
