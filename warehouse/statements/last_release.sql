select mark
from ops.releases
order by released_at desc
limit 1
