-- One row per file of the archive that is kept: the byte at which its last capture ends.
select warc_file, max(warc_offset + warc_length) as ends_at
from ops.captures
where removed_at is null
group by warc_file
