select max(pruned_at) as pruned_at
from ops.prunings
