-- One row: the number of the run that began last; null when there was none.
select max(number) as number
from runs
