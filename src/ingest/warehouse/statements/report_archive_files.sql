-- One row per file of the archive that captures point into: where the last of them begins.
select warc_file, max(warc_offset) as last_offset
from ops.captures
group by warc_file
