-- One row per figure that a newer version of its article changed, added or dropped, newest first; not what our reader reads
-- otherwise.
select
  c.seen_at, c.change, c.kind, c.unit, c.subject, c.before, c.after, c.from_version, c.to_version,
  a.title, a.url, s.name as source
from figure_changes as c
join articles as a using (article_id)
join sources as s using (source_id)
where c.cause is distinct from 'reader'
order by c.seen_at desc, c.article_id, c.to_version desc, c.position
limit $most
