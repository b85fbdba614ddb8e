select mark, released_at, took_seconds, file_mark, release_id, file_digest, file_shape
from ops.releases
order by rowid desc -- a clock may be set back
limit 1
