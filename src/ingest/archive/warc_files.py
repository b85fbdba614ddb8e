"""The archive's files: one grows at a time, and what a killed process left behind is made whole again."""

import contextlib
import fcntl
import io
import mmap
import secrets
import zlib
from collections.abc import Callable
from datetime import datetime
from errno import ENOSPC
from pathlib import Path
from typing import BinaryIO

from warcio.warcwriter import WARCWriter

_BITE = 64 * 1024
_GZIP, _WARC = b"\x1f\x8b\x08", b"WARC/"  # how members begin, and what is in them


class WarcFiles:
    """A folder of `.warc.gz` files, one per opened archive and per `file_bytes`, a gzip member for each record.

    While a file grows, it is locked and a hidden marker lies beside it. A marker whose file nobody locks was left by
    a process that was killed: its file is cut back to the last whole record. Not for several threads at once.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], datetime], software: str, file_bytes: int) -> None:
        self.folder = folder
        self._clock = clock
        self._software = software
        self._file_bytes = file_bytes
        self._file: BinaryIO | None = None
        self._name = ""

    def append(self, records: bytes) -> tuple[str, int]:
        """Add whole records, all or none; give the file's name and where in it they begin. Raises OSError."""
        file = self._open()
        offset = file.seek(0, io.SEEK_END)
        try:
            _write_whole(file, records)
        except OSError:
            try:
                file.truncate(offset)
            except OSError:
                self.close()
            raise
        return self._name, offset

    def close(self) -> None:
        """Close the file that grows; the next record begins another."""
        if self._file is not None:
            marker_of(self.folder / self._name).unlink(missing_ok=True)
            self._file.close()
            self._file = None

    def _open(self) -> BinaryIO:
        if self._file is not None and self._file.tell() >= self._file_bytes:
            self.close()
        if self._file is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            repair_abandoned(self.folder)
            self._name = f"news-{self._clock():%Y%m%d%H%M%S}-{secrets.token_hex(4)}.warc.gz"
            self._file = self._begin(self.folder / self._name)
        return self._file

    def _begin(self, path: Path) -> BinaryIO:
        """Make a file with nothing but its first record; none when that can't be written."""
        file = path.open("xb", buffering=0)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            marker_of(path).touch()
            _write_whole(file, self._about(path.name))
        except OSError:
            path.unlink(missing_ok=True)
            marker_of(path).unlink(missing_ok=True)
            file.close()
            raise
        return file

    def _about(self, name: str) -> bytes:
        about = {"software": self._software, "format": "WARC File Format 1.1"}
        buffer = io.BytesIO()
        writer = WARCWriter(buffer, gzip=True, warc_version="WARC/1.1")
        writer.write_record(writer.create_warcinfo_record(name, about))
        return buffer.getvalue()


def repair_abandoned(folder: Path) -> None:
    """Cut each file that a killed process left behind to its whole records, and remove one that has none."""
    for marker in folder.glob(".*.warc.gz.open"):
        path = folder / marker.name.removeprefix(".").removesuffix(".open")
        try:
            with path.open("r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                whole_bytes = _whole_bytes(file)
                file.truncate(whole_bytes)
        except BlockingIOError:
            continue  # it grows still
        except FileNotFoundError:
            whole_bytes = 0
        if not whole_bytes:
            path.unlink(missing_ok=True)
        marker.unlink(missing_ok=True)


def is_growing(path: Path) -> bool:
    """Return whether a file is being written, or was when its process was killed."""
    return marker_of(path).exists()


def _write_whole(file: BinaryIO, data: bytes) -> None:
    """Write all of it; a full disk takes a part without complaint."""
    if file.write(data) < len(data):
        raise OSError(ENOSPC, "only half a record could be written")


def marker_of(path: Path) -> Path:
    """Return the marker that lies beside a file while it grows."""
    return path.with_name(f".{path.name}.open")


def _whole_bytes(file: BinaryIO) -> int:
    """Return where the last record that is whole ends; what is damaged before it is not ours to cut away."""
    if not file.seek(0, io.SEEK_END):
        return 0
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        end = start = 0
        while start != -1:
            if found := record_end(data, start):
                end = start = found
            else:
                start = data.find(_GZIP, start + 1)
        return end


def record_end(data: mmap.mmap, start: int) -> int | None:
    """Return where the gzip member that begins here ends; None unless it is whole and holds a record."""
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
    position, begins = start, b""
    with contextlib.suppress(zlib.error):
        while not decoder.eof:
            bite = decoder.unconsumed_tail
            if not bite:
                bite = data[position : position + _BITE]
                position += len(bite)
            piece = decoder.decompress(bite, _BITE)
            begins = begins or piece[: len(_WARC)]
            if not bite and not piece:
                return None
        return position - len(decoder.unused_data) if begins == _WARC else None
    return None
