-- One row per batch that was read again and not approved.
create or replace temp table unstaged as
select batch_id
from ops.batches
where state = 'proposed'
