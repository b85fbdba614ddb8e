-- Two rows at most, the newest first: a release that was begun and not noted as put in place, which has no `file_mark`, and
-- the last one that was.
select mark, released_at, took_seconds, file_mark, release_id, file_digest, file_shape
from ops.releases
where file_mark is not null
  or rowid = (select max(rowid) from ops.releases)
order by rowid desc -- a clock may be set back
limit 2
