select mark, released_at, took_seconds, file_mark
from ops.releases
order by rowid desc -- a clock may be set back
limit 1
