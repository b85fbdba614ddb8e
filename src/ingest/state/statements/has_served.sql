-- One row, or none where a host never gave a page of a source's entries.
select host
from fetches
where source_id = :source_id
  and status = 200
  and host = :host
limit 1
