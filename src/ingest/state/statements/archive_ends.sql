-- One row per file of the archive that is kept: at which byte its last capture ends.
select warc_file, max(warc_offset + warc_length) as end_byte
from captures
where removed_at is null
group by warc_file
