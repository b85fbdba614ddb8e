-- One row: since when a source is leased, where another worker had it last; none where the same had.
select leased_at
from leases
where source_id = :source_id
  and last_worker <> worker
