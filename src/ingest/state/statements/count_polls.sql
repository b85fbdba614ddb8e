-- One row: how often a source's feed was polled.
select count(*) as polls
from polls
where source_id = :source_id
  and reason is distinct from 'pushed'
