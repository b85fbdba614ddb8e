"""Takes out of a warehouse's files what is removed of an article: records of the archive, and pages about checks."""

import glob
import os
import shutil
from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator

from ..core.files import writing
from ..core.model import Capture
from .archive import UNREADABLE
from .warc_records import erased_record


class ErasableFiles:
    """The folder of a warehouse."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def remove_check_pages(self, source_ids: Collection[str]) -> None:
        """Remove what Great Expectations wrote about batches of some sources: values of rows stand in it."""
        pages = self._folder / "checks"
        for source_id in source_ids:
            for path in pages.glob(f"*-{glob.escape(source_id)}-*"):
                shutil.rmtree(path)

    def erase(self, captures: Sequence[Capture]) -> None:
        """Put records without content in the place of some, of the same length: all others stay where they are.

        A file that is gone will do. What a killed process has left half written is written again.
        """
        by_file: dict[str, list[Capture]] = defaultdict(list)
        for capture in captures:
            by_file[Path(capture.warc_file).name].append(capture)
        for name, some in by_file.items():
            path = self._folder / "archive" / name
            if path.exists():
                with writing(path), path.open("r+b", buffering=0) as file:
                    for capture in some:
                        _erase(file, capture)
                    os.fsync(file.fileno())


def _erase(file: BinaryIO, capture: Capture) -> None:
    os.pwrite(file.fileno(), erased_record(capture, _record_id(file, capture.warc_offset)), capture.warc_offset)


def _record_id(file: BinaryIO, offset: int) -> str | None:
    """Return the id of a record; None where it can't be read any more."""
    file.seek(offset)
    try:
        record = next(iter(ArchiveIterator(file)), None)
        found: str | None = record.rec_headers.get_header("WARC-Record-ID") if record else None
    except (*UNREADABLE, AttributeError):  # the latter is warcio's, of a record without an address
        return None
    return found
