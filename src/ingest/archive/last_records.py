"""Looks into the archive's files without the warehouse: how far one can be read, and what time a server named."""

import mmap
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from .archive import UNREADABLE
from .warc_files import is_growing, record_end


def unreadable_end(path: Path, begin: int) -> int | None:
    """Return the first byte from which on a file holds no whole record, looked for from a record on; None for none.

    What is being written, or was when its process was killed, is no trouble: the next run fixes it.
    """
    if is_growing(path) or not path.stat().st_size:
        return None
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        position = min(begin, len(data))
        while position < len(data):
            end = record_end(data, position)
            if end is None:
                return position
            position = end
    return None


def date_named(path: Path, offset: int) -> datetime | None:
    """Return the time that a server named with its answer; None where it did not, or where a cache kept the answer."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            record = next(iter(ArchiveIterator(file)), None)
            headers = record.http_headers if record else None
            if headers is None or headers.get_header("Age") or not headers.get_header("Date"):
                return None
            named = parsedate_to_datetime(headers.get_header("Date"))
    except UNREADABLE:
        return None
    return named if named.tzinfo else named.replace(tzinfo=UTC)
