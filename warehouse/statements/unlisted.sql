-- One row per source that has pages in the archive and is not among those listed any more.
select source_id, count(distinct coalesce(article_id, entry_id)) as stories
from raw.entries
where state = 'ended'
  and capture_id is not null
  and not list_contains($listed::varchar[], source_id)
group by source_id
order by source_id
