-- One row: the warehouse that this is the state of; none before it was opened with one.
select warehouse_id
from warehouse_id
