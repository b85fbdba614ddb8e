"""The archive: every request and response in WARC files (ISO 28500, version 1.1), found again by where they lie."""

import io
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.warcwriter import WARCWriter

from ..core.decompression import decompress
from ..core.errors import CaptureUnreadable, ResponseCorrupt, ResponseTooLarge, Truncated
from ..core.files import writing
from ..core.ids import content_key
from ..core.model import Capture, Page
from ..state import State, row_of
from .warc_files import WarcFiles
from .warc_records import (
    HEARD,
    NO_STATUS,
    REQUESTED,
    SAME_PAYLOAD,
    AsSentParser,
    Exchange,
    Headers,
    Original,
    request_record,
    response_record,
)

UNREADABLE = (
    OSError,
    EOFError,
    ValueError,
    TypeError,  # a header of a damaged record that is missing
    zlib.error,
    ArchiveLoadFailed,
    ResponseCorrupt,
    ResponseTooLarge,
    Truncated,
)
_PAGES = frozenset({200, 203})
_MOST_BYTES = 2**30  # what was kept was bounded when it came


@dataclass(frozen=True, slots=True)
class _Record:
    """A response as it lies in the archive."""

    rec: Any  # its WARC headers; warcio is untyped
    status: int
    headers: Headers
    sent_body: bytes


class WarcArchive:
    """A folder of `.warc.gz` files, readable by any WARC tool. Safe to use from several threads and processes."""

    def __init__(
        self,
        folder: Path,
        state: State,
        *,
        clock: Callable[[], datetime],
        software: str,
        file_bytes: int = 512 * 1024 * 1024,
    ) -> None:
        self._folder = folder
        self._files = WarcFiles(folder, clock=clock, software=software, file_bytes=file_bytes)
        self._state = state
        self._lock = threading.Lock()

    def keep(self, exchange: Exchange) -> Capture:
        """Append request and response; record in the state, and return, where the response is.

        A body that lies here already, whoever brought it, is kept as a reference to the first (a revisit record), and
        so is a 304. Of one that two threads bring at the same time, both are kept whole.
        """
        payload_hash = sha256(exchange.body).hexdigest()
        identity = ("payload", payload_hash, _header(exchange.headers, "content-encoding"))
        with writing(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            original = self._original(exchange, identity)
            name, offset, length = self._append(exchange, original)
        capture = Capture(
            capture_id=content_key(exchange.url, exchange.fetched_at.isoformat(), payload_hash),
            url=exchange.url,
            captured_at=exchange.fetched_at,
            status=exchange.status,
            payload_hash=payload_hash,
            warc_file=name,
            warc_offset=offset,
            warc_length=length,
        )
        is_whole = original is None and exchange.status != 304 and not exchange.truncated
        self._record(capture, identity if is_whole else None)
        return capture

    def recall(self, capture: Capture) -> Page:
        """Return the page as it was captured; raises CaptureUnreadable when the record is missing or damaged."""
        try:
            record = self._read(capture.warc_file, capture.warc_offset, capture.warc_length)
            body = self._body(record, capture.payload_hash)
        except UNREADABLE as error:
            raise self._unreadable(capture, str(error)) from error
        return Page(
            requested_url=unquote(record.rec.get_header(REQUESTED) or "") or capture.url,
            final_url=capture.url,
            status=record.status,
            headers=record.headers,
            body=body,
            fetched_at=capture.captured_at,
            received_bytes=len(record.sent_body),
            capture=capture,
        )

    def close(self) -> None:
        """Close the file that is being written."""
        with self._lock:
            self._files.close()

    def _original(self, exchange: Exchange, identity: tuple[str, ...]) -> Original | None:
        """Find the record to refer to, and believe it only as far as it can be read."""
        if exchange.status != 304 and not exchange.body:
            return None
        is_unchanged = exchange.status == 304
        key = _payload_key("page", exchange.url) if is_unchanged else _payload_key(*identity)
        found = self._state.read("payload", {"payload_key": key})
        if not found or exchange.truncated:
            return None
        place = found[0]
        try:
            record = self._read(place["warc_file"], place["warc_offset"], 0)
            if not is_unchanged:
                self._body(record, identity[1])
        except UNREADABLE:
            return None
        header = record.rec.get_header
        if header("WARC-Type") != "response" or (is_unchanged and header("WARC-Target-URI") != exchange.url):
            return None
        return Original(
            record_id=header("WARC-Record-ID"),
            url=header("WARC-Target-URI"),
            date=header("WARC-Date"),
            payload_digest=header("WARC-Payload-Digest"),
            warc_file=place["warc_file"],
            warc_offset=place["warc_offset"],
        )

    def _record(self, capture: Capture, identity: tuple[str, ...] | None) -> None:
        """Record a capture in the state, and by what later ones find a payload that is kept whole."""
        keys = [_payload_key(*identity)] if identity else []
        if identity and capture.status in _PAGES:
            keys.append(_payload_key("page", capture.url))
        place = {"warc_file": capture.warc_file, "warc_offset": capture.warc_offset}
        payloads = [{"payload_key": key, **place} for key in keys]
        with self._state.write_lazily() as transaction:
            transaction.merge("captures", [row_of(capture)], key=["capture_id"])
            transaction.merge("payloads", payloads, key=["payload_key"], update=list(place))

    def _append(self, exchange: Exchange, original: Original | None) -> tuple[str, int, int]:
        """Write the pair in one go."""
        buffer = io.BytesIO()
        writer = WARCWriter(buffer, gzip=True, warc_version="WARC/1.1")
        response = response_record(writer, exchange, original)
        writer.write_record(response)
        length = buffer.tell()
        if exchange.request_target:
            writer.write_record(request_record(writer, exchange, response))
        with self._lock:  # for this alone: else all threads of a run wait for one that compresses, or for the state
            return *self._files.append(buffer.getvalue()), length

    def _read(self, name: str, offset: int, length: int) -> _Record:
        path = self._folder / Path(name).name
        with path.open("rb") as file:
            file.seek(offset)
            if length and path.stat().st_size < offset + length:
                raise EOFError(f"{name} ends before the record does")
            try:
                record = next(iter(_records(file)), None)
            except AttributeError as error:  # warcio, of a record without an address
                raise ValueError("its headers are damaged") from error
            if record is None or (record.http_headers is None and record.rec_type != HEARD):
                raise ValueError(f"there is no answer at {offset} of {name}")
            sent, http = record.raw_stream.read(), record.http_headers
        if http is None:
            return _Record(record.rec_headers, NO_STATUS, (), sent)
        headers = tuple((key.lower(), value) for key, value in http.headers)
        return _Record(record.rec_headers, int(http.get_statuscode()), headers, sent)

    def _body(self, record: _Record, payload_hash: str) -> bytes:
        """Return the body that has this hash: as it was sent, or as it reads, or as the record referred to has it."""
        header = record.rec.get_header
        if header("WARC-Type") == "revisit" and header("WARC-Profile") == SAME_PAYLOAD:
            record = self._read(header("WARC-Refers-To-Filename"), int(header("WARC-Refers-To-File-Offset")), 0)
        if sha256(record.sent_body).hexdigest() == payload_hash:
            return record.sent_body
        body = decompress(
            record.sent_body, _header(record.headers, "content-encoding"), limit=_MOST_BYTES, url="the record"
        )
        if sha256(body).hexdigest() != payload_hash:
            raise ValueError("its body is not the one that was captured")
        return body

    def _unreadable(self, capture: Capture, why: str) -> CaptureUnreadable:
        place = f"{capture.warc_file}, byte {capture.warc_offset}"
        return CaptureUnreadable(f"the capture of {capture.url} can't be read from {place}: {why}", about=capture.url)


def _records(file: BinaryIO) -> ArchiveIterator:
    """Read a file's records from where it stands, their headers as they were sent."""
    records = ArchiveIterator(file)
    records.loader.http_parser = AsSentParser(records.loader.HTTP_TYPES, verify=False)
    return records


def _payload_key(*identity: str) -> str:
    """Hash what a payload is known by, as archives of earlier versions did: what these hold is referred to still."""
    return sha256("\x1f".join(identity).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _header(headers: Headers, name: str) -> str:
    return ", ".join(value for key, value in headers if key == name)
