-- One row per source with stories whose page was removed from the archive with its file: how many, and when the last was.
select entry.source_id, count(distinct coalesce(entry.article_id, entry.entry_id)) as stories, max(capture.removed_at) as removed_at
from raw.entries as entry
left join published.articles as article using (article_id)
join ops.captures as capture on capture.capture_id = coalesce(article.capture_id, entry.capture_id)
where capture.removed_at is not null
  and (len($sources::varchar[]) = 0 or list_contains($sources::varchar[], entry.source_id))
group by entry.source_id
order by entry.source_id
