"""The archive: every request and response in WARC files (ISO 28500, version 1.1), found again by where they lie."""

import io
import secrets
import threading
import zlib
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from errno import ENOSPC
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from .. import keys
from ..errors import CaptureUnreadable, ResponseCorrupt, ResponseTooLarge, Truncated, WarehouseUnusable
from ..model import Capture, Page
from .decompress import decompress

Headers = tuple[tuple[str, str], ...]

SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_UNREADABLE = (
    OSError,
    EOFError,
    ValueError,
    zlib.error,
    ArchiveLoadFailed,
    ResponseCorrupt,
    ResponseTooLarge,
    Truncated,
)
_REMEMBERED = 20_000  # captures whose payload may be referred to


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its whole answer, with the body as it was sent and as it reads."""

    requested_url: str
    url: str
    fetched_at: datetime
    request_target: str
    request_headers: Headers
    status: int
    reason: str
    headers: Headers  # names in lower case
    sent_body: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class _Original:
    """A response on record that later ones may refer to."""

    record_id: str
    url: str
    date: str
    payload_digest: str
    warc_file: str
    warc_offset: int


class WarcArchive:
    """A folder of `.warc.gz` files, one per opened archive and per `file_bytes`, a gzip member for each record.

    Nothing is ever appended to a file that another process left behind, so a record that was cut off in the middle
    harms nobody but itself. Safe to use from several threads.
    """

    def __init__(
        self, folder: Path, *, clock: Callable[[], datetime], software: str, file_bytes: int = 512 * 1024 * 1024
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._software = software
        self._file_bytes = file_bytes
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        self._name = ""
        self._by_payload: dict[tuple[str, str], _Original] = {}
        self._latest: dict[str, _Original] = {}

    def keep(self, exchange: Exchange) -> Capture:
        """Append request and response and say where the response lies.

        A body that its address already gave is kept as a reference to the first (a revisit record), and so is a 304.
        """
        payload_hash = sha256(exchange.body).hexdigest()
        with self._lock:
            original = self._original(exchange, payload_hash)
            name, offset, length = self._append(exchange, original, payload_hash)
        return Capture(
            capture_id=keys.content_key(exchange.url, exchange.fetched_at.isoformat(), payload_hash),
            url=exchange.url,
            captured_at=exchange.fetched_at,
            status=exchange.status,
            payload_hash=payload_hash,
            warc_file=name,
            warc_offset=offset,
            warc_length=length,
        )

    def recall(self, capture: Capture) -> Page:
        """Give back the page as it was captured; raises CaptureUnreadable when the record is missing or damaged."""
        try:
            status, headers, body = self._read(capture.warc_file, capture.warc_offset, capture.warc_length)
        except _UNREADABLE as error:
            raise self._unreadable(capture, str(error)) from error
        if sha256(body).hexdigest() != capture.payload_hash:
            raise self._unreadable(capture, "its body is not the one that was captured")
        return Page(
            requested_url=capture.url,
            final_url=capture.url,
            status=status,
            headers=headers,
            body=body,
            fetched_at=capture.captured_at,
            capture=capture,
        )

    def close(self) -> None:
        """Close the file that is being written."""
        with self._lock:
            self._drop_file()

    def _drop_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _original(self, exchange: Exchange, payload_hash: str) -> _Original | None:
        if exchange.status == 304:
            return self._latest.get(exchange.url)
        return self._by_payload.get((exchange.url, payload_hash)) if exchange.body else None

    def _append(self, exchange: Exchange, original: _Original | None, payload_hash: str) -> tuple[str, int, int]:
        """Write the pair in one go; a file that took only half of it is left alone from then on."""
        buffer = io.BytesIO()
        writer = WARCWriter(buffer, gzip=True, warc_version="WARC/1.1")
        response = _response_record(writer, exchange, original)
        writer.write_record(response)
        length = buffer.tell()
        writer.write_record(_request_record(writer, exchange, response))
        try:
            file = self._open_file()
            offset = file.seek(0, io.SEEK_END)
            _write_whole(file, buffer.getvalue())
        except OSError as error:
            self._drop_file()
            raise WarehouseUnusable(
                f"the archive in {self._folder} can't be written: {error}", about="archive"
            ) from error
        if original is None and exchange.status != 304:
            self._remember(exchange.url, payload_hash, response, offset)
        return self._name, offset, length

    def _open_file(self) -> BinaryIO:
        if self._file is not None and self._file.tell() >= self._file_bytes:
            self._drop_file()
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._name = f"news-{self._clock():%Y%m%d%H%M%S}-{secrets.token_hex(4)}.warc.gz"
            self._file = (self._folder / self._name).open("xb", buffering=0)
            about = {"software": self._software, "format": "WARC File Format 1.1"}
            writer = WARCWriter(self._file, gzip=True, warc_version="WARC/1.1")
            writer.write_record(writer.create_warcinfo_record(self._name, about))
        return self._file

    def _remember(self, url: str, payload_hash: str, response: Any, offset: int) -> None:
        header = response.rec_headers.get_header
        original = _Original(
            record_id=header("WARC-Record-ID"),
            url=url,
            date=header("WARC-Date"),
            payload_digest=header("WARC-Payload-Digest"),
            warc_file=self._name,
            warc_offset=offset,
        )
        if len(self._by_payload) >= _REMEMBERED:
            self._by_payload.clear()
            self._latest.clear()
        self._by_payload[url, payload_hash] = original
        self._latest[url] = original

    def _read(self, name: str, offset: int, length: int) -> tuple[int, Headers, bytes]:
        path = self._folder / Path(name).name
        with path.open("rb") as file:
            file.seek(offset)
            data = file.read(length) if length else file.read()
        if len(data) < length:
            raise EOFError(f"{name} ends before the record does")
        record = next(iter(ArchiveIterator(io.BytesIO(data))), None)
        if record is None or record.http_headers is None:
            raise ValueError(f"there is no answer at {offset} of {name}")
        sent, http = record.raw_stream.read(), record.http_headers
        headers = tuple((key.lower(), value) for key, value in http.headers)
        if record.rec_type == "revisit" and record.rec_headers.get_header("WARC-Profile") == SAME_PAYLOAD:
            header = record.rec_headers.get_header
            body = self._read(header("WARC-Refers-To-Filename"), int(header("WARC-Refers-To-File-Offset")), 0)[2]
            return int(http.get_statuscode()), headers, body
        body = decompress(sent, http.get_header("content-encoding"), limit=2**31, url=name)
        return int(http.get_statuscode()), headers, body

    def _unreadable(self, capture: Capture, why: str) -> CaptureUnreadable:
        place = f"{capture.warc_file}, byte {capture.warc_offset}"
        return CaptureUnreadable(f"the capture of {capture.url} can't be read from {place}: {why}", about=capture.url)


def _write_whole(file: BinaryIO, data: bytes) -> None:
    """Write all of it; a full disk takes a part without complaint."""
    if file.write(data) < len(data):
        raise OSError(ENOSPC, "only half a record could be written")


def _response_record(writer: WARCWriter, exchange: Exchange, original: _Original | None) -> Any:  # warcio is untyped
    kept = [pair for pair in exchange.headers if pair[0] != "transfer-encoding"]  # the body is kept without chunks
    http = StatusAndHeaders(f"{exchange.status} {exchange.reason}", kept, protocol="HTTP/1.1")
    dated = {"WARC-Date": f"{exchange.fetched_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"}
    if original is None and exchange.status != 304:
        body = io.BytesIO(exchange.sent_body)
        return writer.create_warc_record(
            exchange.url,
            "response",
            payload=body,
            length=len(exchange.sent_body),  # unknown to warcio, it would cost a temporary file
            http_headers=http,
            warc_headers_dict=dated,
        )
    refers = {
        "WARC-Profile": NOT_MODIFIED if exchange.status == 304 else SAME_PAYLOAD,
        **({} if original is None else _reference(original)),
    }
    digest = f"sha1:{b32encode(sha1(exchange.sent_body, usedforsecurity=False).digest()).decode()}"
    if original is not None:
        digest = original.payload_digest
    return writer.create_warc_record(
        exchange.url, "revisit", http_headers=http, warc_headers_dict={**dated, **refers, "WARC-Payload-Digest": digest}
    )


def _reference(original: _Original) -> dict[str, str]:
    """Name the record referred to; file and offset as other archivers write them, so that it is found directly."""
    return {
        "WARC-Refers-To": original.record_id,
        "WARC-Refers-To-Target-URI": original.url,
        "WARC-Refers-To-Date": original.date,
        "WARC-Refers-To-Filename": original.warc_file,
        "WARC-Refers-To-File-Offset": str(original.warc_offset),
    }


def _request_record(writer: WARCWriter, exchange: Exchange, response: Any) -> Any:
    http = StatusAndHeaders(
        f"GET {exchange.request_target} HTTP/1.1", list(exchange.request_headers), is_http_request=True
    )
    header = response.rec_headers.get_header
    tied = {"WARC-Date": header("WARC-Date"), "WARC-Concurrent-To": header("WARC-Record-ID")}
    return writer.create_warc_record(exchange.url, "request", http_headers=http, warc_headers_dict=tied)
