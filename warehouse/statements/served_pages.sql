-- One row, or none where a host never gave a page of a source's entries.
select true as has_served
from ops.fetches
where source_id = $source_id
  and status = 200
  and lower(regexp_extract(url, '^https?://([^/?#]+)', 1)) = $host
limit 1
