-- One row: by which SQL the file in use was made.
select tables, extras
from ops.shape
