-- One row: bytes of the open file that nothing is in, and all of it.
select free_blocks * block_size as free, total_blocks * block_size as total
from pragma_database_size()
where database_name = current_database()
