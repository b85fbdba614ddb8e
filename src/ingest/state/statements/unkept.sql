-- One row per source with articles whose page was removed from the archive with its file: how many, and when the last was.
select
  entry.source_id,
  count(distinct coalesce(entry.article_id, entry.entry_id)) as stories,
  max(capture.removed_at) as removed_at
from entries as entry
left join articles as article on article.article_id = entry.article_id
join captures as capture on capture.capture_id = coalesce(article.capture_id, entry.capture_id)
where capture.removed_at is not null
  and (:sources = '[]' or entry.source_id in (select value from json_each(:sources)))
group by entry.source_id
order by entry.source_id
