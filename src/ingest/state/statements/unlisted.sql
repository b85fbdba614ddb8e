-- One row per source that has pages in the archive and is not among those listed any more.
select source_id, count(distinct coalesce(article_id, entry_id)) as stories
from entries
where state = 'ended'
  and capture_id is not null
  and source_id not in (select value from json_each(:listed))
group by source_id
order by source_id
