select mark, released_at, took_seconds
from ops.releases
order by released_at desc
limit 1
