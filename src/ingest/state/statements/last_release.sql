-- One row: the analysts' file as it was released last; none where it never was.
select release_id, released_at, took_seconds, file_shape, file_digest, file_mark
from releases
