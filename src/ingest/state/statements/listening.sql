-- One row, where `ingest listen` was ever there: since when, and when it last was.
select there_since, seen_at
from listening
