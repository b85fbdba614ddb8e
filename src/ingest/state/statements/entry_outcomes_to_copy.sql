-- One row per outcome that is being copied, and per run that still has one of its entries under way.
select {columns}
from entry_outcomes
where copied < 2
  and copied = 1
union
select {columns}
from entry_outcomes
where outcome is null
  and entry_id in (select entry_id from entry_outcomes where copied < 2 and copied = 1)
